// Three plans of the example: a guide written like the one the project is for, another kind of guide,
// and none. The guides are written from the steps, so that the steps are what the view must show.

/** Steps as a migration guide in Markdown numbers them, with lists under "Reference Python files". */
export const THIS_GUIDE = {
  name: "MIGRATION_GUIDE.md",
  steps: [
    { title: "Step 1: Users", files: ["models/users.py", "routers/users.py"] },
    { title: "Step 2: Authentication", files: ["models/auths.py", "routers/auths.py"] },
    { title: "Step 3: Additional Routers", groups: [
      { title: "Simple routers", effort: "1-2 days", files: ["routers/folders.py", "models/folders.py"] },
      { title: "Complex routers", effort: "1-2 weeks", files: ["routers/notes.py", "models/notes.py"] },
    ] },
    { title: "Step 4: WebSocket Support", files: ["socket.py"] },
  ],
  write(steps) {
    const parts = steps.map(({ title, files, groups }) => {
      const listed = files?.map((file) => `- \`backend/notes_app/${file}\``) ?? [];
      const grouped = groups?.flatMap((group, at) => [
        `${at + 1}. **${group.title}** (${group.effort} each):`,
        ...names(group.files).map((name) => `   - ${name}`),
      ]);
      const head = files && "Reference Python files:";
      return [`### ${title}`, "", head, ...listed, ...(grouped ?? []), ""].join("\n");
    });
    const before = "# Migration Guide: Python to Rust Backend\n\n## Overview\n\nSlowly.\n\n";
    return `${before}## Detailed Migration Steps\n\n${parts.join("\n")}\n## Getting Help\n\nAsk.\n`;
  },
}; // prettier-ignore

/** What files are called without their folders, each once: the guide names a router and its model. */
function names(files) {
  return [...new Set(files.map((file) => /(\w+)\.py$/.exec(file)?.[1]))];
}

/** Chapters that name files in their sentences, in a folder of documents. */
export const ANOTHER_GUIDE = {
  name: "docs/porting.md",
  steps: [
    { title: "What nobody will miss", files: ["routers/audit.py", "models/audit.py"] },
    { title: "Then the heart of it", files: ["routers/notes.py", "models/notes.py"] },
    { title: "Then the heart of it", files: ["routers/users.py", "models/users.py"] },
  ],
  write(steps) {
    const chapters = steps.map(
      ({ title, files }) =>
        `## ${title}\n\n- [ ] ${files.map((one) => `\`${one}\``).join(" and ")}\n`,
    );
    return `# Porting\n\n${chapters.join("\n")}`;
  },
};

/** The rows of steps and files that the view must show of a guide, with their class and effort. */
export function rowsOf({ steps }) {
  return steps.flatMap(({ title, files, groups }) => [
    { step: title },
    ...(files ?? []).map((file) => ({ file: `notes_app/${file}`, effort: "" })),
    ...(groups ?? []).flatMap((group) =>
      group.files.map((file) => ({
        file: `notes_app/${file}`,
        effort: `${group.title}, ${group.effort}`,
      })),
    ),
  ]);
}

/** How much of each file is ported, as the command line's export counts it: `3 of 4`. */
export function shares({ links }) {
  const counted = new Map();
  // A function that answers a route or an event is counted as that.
  const answering = new Set(
    [...links.endpoints, ...links.events].map(({ backend }) => backend?.split("#")[0]),
  );
  const functions = links.functions.filter(({ backend }) => !answering.has(backend));
  const items = [...links.endpoints, ...links.models, ...links.events, ...functions];
  for (const { backend, presence } of items) {
    const file = backend?.split("::")[0];
    if (file !== undefined && presence !== "ignored") {
      const { done, total } = counted.get(file) ?? { done: 0, total: 0 };
      const more = presence === "ported" ? 1 : 0;
      counted.set(file, { done: done + more, total: total + 1 });
    } else if (file !== undefined && !counted.has(file)) {
      counted.set(file, { done: 0, total: 0 });
    }
  }
  return counted;
}

/** The rows as they are read on the page: what is written in bold, and what behind it. */
export function expected(rows, counted) {
  const said = ({ done, total }) => (total > 0 ? `${done} of ${total}` : "ignored");
  return rows.map((row, at) => {
    if (row.step !== undefined) {
      const rest = rows.slice(at + 1);
      const end = rest.findIndex(({ step }) => step !== undefined);
      const below = rest.slice(0, end < 0 ? undefined : end).map(({ file }) => counted.get(file));
      const sum = (key) => below.reduce((all, one) => all + (one?.[key] ?? 0), 0);
      return `${row.step}: ${sum("done")} of ${sum("total")}`;
    }
    const parts = row.file.split("/");
    const share = said(counted.get(row.file) ?? { done: 0, total: 0 });
    const folder = parts.slice(0, -1).join("/");
    return `${parts.at(-1)}: ${[share, row.effort, folder].filter(Boolean).join(" · ")}`;
  });
}
