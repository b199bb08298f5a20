// SPDX-License-Identifier: Apache-2.0
// Names each text of the catalogues that no page uses; fails if there is one. Part of `npm run check`.
import ts from "typescript";

const catalogues = { texts: "src/texts.ts", governance: "src/texts.governance.ts" };
const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ts.sys.resolvePath("."));
const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getScriptFileNames: () => fileNames,
  getScriptVersion: () => "",
  getScriptSnapshot: (file) => (ts.sys.fileExists(file) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(file)) : undefined),
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
});

const unused = [];
function look(node, path, catalogue) {
  if (!ts.isPropertyAssignment(node)) return ts.forEachChild(node, (child) => look(child, path, catalogue));
  const name = [...path, node.name.text];
  const uses = (service.findReferences(catalogue, node.name.getStart()) ?? []).flatMap(({ references }) => references).filter(({ fileName }) => fileName !== catalogue);
  if (uses.length === 0) return void unused.push(name.join("."));
  // texts.status[status]: any of them.
  const indexed = uses.some(({ fileName, textSpan }) => ts.sys.readFile(fileName)[textSpan.start + textSpan.length] === "[");
  if (ts.isObjectLiteralExpression(node.initializer) && !indexed) node.initializer.properties.forEach((property) => look(property, name, catalogue));
}
for (const [name, file] of Object.entries(catalogues)) {
  const catalogue = ts.sys.resolvePath(file);
  look(service.getProgram().getSourceFile(catalogue), [name], catalogue);
}
for (const name of unused) console.error(`no page uses ${name}`);
process.exit(unused.length === 0 ? 0 : 1);
