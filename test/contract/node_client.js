// What users of azure-devops-node-api do first: connect, projects, repositories, builds.
// usage: LATCHKEY_TOKEN=… node node_client.js COLLECTION_URL getHandlerFromToken|getPersonalAccessTokenHandler
'use strict';
const assert = require('node:assert');
const azdev = require('azure-devops-node-api');

async function waitFor(connection, operation) {
  // Callers poll the reference's url; ours has succeeded by the time it is answered.
  const answer = await connection.rest.get(operation.url);
  assert.strictEqual(answer.result.status, 'succeeded');
}

async function main(url, handler) {
  const connection = new azdev.WebApi(url, azdev[handler](process.env.LATCHKEY_TOKEN));
  const me = await connection.connect();
  assert.ok(me.authenticatedUser.id && me.instanceId);

  const name = `Node ${handler} ${Date.now()}`;
  const core = await connection.getCoreApi();
  await waitFor(connection, await core.queueCreateProject({name, description: 'by node', visibility: 0}));
  const project = await core.getProject(name);
  assert.strictEqual(project.name, name);
  assert.strictEqual(project.state, 'wellFormed');
  assert.ok((await core.getProjects()).some((p) => p.id === project.id));
  assert.strictEqual(await core.getProject('no such project'), null);
  await waitFor(connection, await core.updateProject({description: 'edited'}, project.id));
  assert.strictEqual((await core.getProject(project.id)).description, 'edited');

  const git = await connection.getGitApi();
  const repository = await git.createRepository({name: 'tools', project: {id: project.id}}, name);
  assert.strictEqual(repository.project.id, project.id);
  assert.deepStrictEqual((await git.getRepositories(name)).map((r) => r.name).sort(), [name, 'tools'].sort());
  assert.ok((await git.getRepositories()).some((r) => r.id === repository.id));
  const renamed = await git.updateRepository({name: 'instruments'}, repository.id, name);
  assert.strictEqual(renamed.name, 'instruments');
  assert.strictEqual((await git.getRepository('instruments', name)).id, repository.id);
  await git.deleteRepository(repository.id, name);
  assert.strictEqual(await git.getRepository('instruments', name), null);

  const builds = await connection.getBuildApi();
  const queued = await builds.queueBuild({definition: {name: 'nightly'}, sourceBranch: 'refs/heads/main'}, name);
  assert.ok(queued.id > 0 && queued.buildNumber);
  await builds.updateBuild({status: 2, result: 2}, name, queued.id);  // completed, succeeded
  const build = await builds.getBuild(name, queued.id);
  assert.strictEqual(build.status, 2);
  assert.strictEqual(build.result, 2);
  assert.ok(build.queueTime instanceof Date && !Number.isNaN(build.queueTime.getTime()));
  const listed = await builds.getBuilds(name, undefined, undefined, undefined, new Date(0));
  assert.deepStrictEqual(listed.map((b) => b.id), [queued.id]);

  await waitFor(connection, await core.queueDeleteProject(project.id));
  assert.strictEqual(await core.getProject(name), null);
  console.log('done');
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
