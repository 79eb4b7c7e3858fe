// Reads what was typed into a form and puts it back: for drafts and for a session that ended.
{
  const kept = (field) =>
    field.name &&
    !["password", "file", "submit", "button", "image", "reset"].includes(field.type) &&
    (field.type !== "hidden" || field.hasAttribute("data-keep"));

  const read = (form) => {
    const fields = {};
    for (const field of form.elements) {
      if (!kept(field)) continue;
      const values = (fields[field.name] ??= []);
      if (["checkbox", "radio"].includes(field.type)) {
        if (field.checked) values.push(field.value);
      } else if (field.multiple) {
        values.push(...[...field.selectedOptions].map((option) => option.value));
      } else {
        values.push(field.value);
      }
    }
    return fields;
  };

  const write = (form, fields) => {
    const left = structuredClone(fields);
    for (const field of form.elements) {
      if (!kept(field) || !(field.name in left)) continue;
      const values = left[field.name];
      if (["checkbox", "radio"].includes(field.type)) {
        field.checked = values.includes(field.value);
      } else if (field.multiple) {
        for (const option of field.options) option.selected = values.includes(option.value);
      } else if (values.length) {
        field.value = values.shift();
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  window.yxqFields = { read, write };
}
