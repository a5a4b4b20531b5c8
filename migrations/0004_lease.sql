-- Who alone does what only one node may do: follow a view, fire timers, read a mailbox. Not who decides for a
-- stream: there the versions in the log keep order.

-- Times are the database's alone, so that no node's clock matters.
CREATE TABLE lease (
    name   text        PRIMARY KEY,
    -- One start of one node's process.
    holder uuid        NOT NULL,
    -- Rises whenever the lease is taken, never when it is renewed. Rows are never deleted, so that none comes twice.
    epoch  bigint      NOT NULL CHECK (epoch > 0),
    until  timestamptz NOT NULL,
    -- Makes the epoch part of a key: an effect locks its row FOR KEY SHARE, which whoever takes the lease has to wait
    -- for, and whoever renews or releases it has not. With the holder, so that of two who take a new lease at once the
    -- second finds the name taken and nothing else.
    UNIQUE (name, epoch, holder)
) WITH (fillfactor = 10);
