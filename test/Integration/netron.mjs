// Reads a model as Netron does and prints what it would show, as JSON.
//
//     node netron.mjs FOLDER_OF_NETRON MODEL.xml

import * as fs from 'node:fs';
import * as path from 'node:path';

const [folder, file] = process.argv.slice(2);
const load = (name) => import(path.join(folder, `${name}.js`));
const base = await load('base');
const view = await load('view');

// What the browser is for Netron: it fetches files beside the model, and Netron's own modules and tables.
const read = (name, encoding, root) => {
    const data = fs.readFileSync(path.join(root, name), encoding || null);
    return encoding ? data : new base.BinaryStream(new Uint8Array(data));
};
const beside = path.dirname(path.resolve(file));
const host = {
    identifier: path.basename(file),
    stream: read(path.basename(file), null, beside),
    entries: new Map(),
    asset: async (name) => read(name, 'utf-8', folder),
    request: async (name, encoding, root) => read(name, encoding, root === null ? folder : beside),
    fetch: async (name, encoding) => read(name, encoding, beside),
    require: async (name) => load(path.basename(name)),
    environment: () => null,
    event: () => {},
    error: (error) => { throw error; },
    exception: (error) => { throw error; }
};

const model = await new view.ModelFactoryService(host).open(host);
const [graph] = model.modules || model.graphs;
const names = (values) => values.map((value) => value.name);
console.log(JSON.stringify({
    format: model.format,
    inputs: names(graph.inputs),
    nodes: graph.nodes.map((node) => [node.name, node.type.name])
}));
