-- Tasks that steps of routes open: their policy begins where the log stands now.
INSERT INTO policy_progress (policy, part, incarnation, position) SELECT 'subprocess', part, incarnation, position FROM log_head;
