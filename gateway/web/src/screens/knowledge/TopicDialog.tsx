// A topic is made, or what there is gets another name or place.

import { useState } from "react";
import { useLocation } from "wouter";
import { useT } from "~/i18n";
import { may, useRights } from "~/store/rights";
import { Select, TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { changes, type Entity, topicsOf, useChange, useTree } from "./useKnowledge";

export function TopicDialog({
  entity,
  under,
  onClose,
}: {
  entity?: Entity;
  under?: string;
  onClose: () => void;
}) {
  const t = useT();
  const [, go] = useLocation();
  const { items } = useTree();
  const top = may(useRights(), "manageIntegrations");
  const [title, setTitle] = useState(entity?.title ?? "");
  const [parent, setParent] = useState(entity?.parent_topic_id ?? under ?? "");
  const save = useChange(async () => {
    if (!entity)
      return changes.create({
        type: "topic",
        title: title.trim(),
        ...(parent && { parent_topic_id: parent }),
      });
    const moved = parent !== (entity.parent_topic_id ?? "");
    return changes.change(entity.id, {
      title: title.trim(),
      version: entity.version,
      ...(moved && { parent_topic_id: parent || null, parent_topic_id_changed: true }),
    });
  });
  const submit = () =>
    save.mutate(undefined, {
      onSuccess: (made) => {
        onClose();
        if (!entity) go(`/knowledge-base/${(made as Entity).id}`);
      },
    });
  return (
    <FormDialog
      open
      size="s"
      title={entity ? t.knowledge.rename : t.knowledge.makeTopic}
      onClose={onClose}
      submit={t.common.save}
      busy={save.isPending}
      disabled={!title.trim()}
      error={save.error}
      onSubmit={submit}
    >
      <TextField
        label={t.knowledge.name}
        required
        autoFocus
        maxLength={200}
        value={title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <Select label={t.lists.parent} value={parent} onChange={({ target }) => setParent(target.value)}>
        {(top || !parent) && <option value="">{t.lists.top}</option>}
        {topicsOf(items, entity?.id).map(([id, way]) => (
          <option key={id} value={id}>
            {way}
          </option>
        ))}
      </Select>
    </FormDialog>
  );
}
