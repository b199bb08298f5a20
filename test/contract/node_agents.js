// Pools, agents and queues by azure-devops-node-api, under a token with vso.agentpools_manage alone.
// usage: LATCHKEY_TOKEN=… node node_agents.js COLLECTION_URL
'use strict';
const assert = require('node:assert');
const azdev = require('azure-devops-node-api');

async function main(url) {
  const connection = new azdev.WebApi(url, azdev.getPersonalAccessTokenHandler(process.env.LATCHKEY_TOKEN));
  const tasks = await connection.getTaskAgentApi();
  const name = `Node ${Date.now()}`;
  const pool = await tasks.addAgentPool({name, autoProvision: true});
  assert.ok(pool.id > 0);
  assert.strictEqual(pool.poolType, 1);  // automation
  assert.ok(pool.createdOn instanceof Date && !Number.isNaN(pool.createdOn.getTime()));
  assert.deepStrictEqual((await tasks.getAgentPools(name)).map((p) => p.id), [pool.id]);
  assert.ok((await tasks.getAgentPools()).some((p) => p.id === pool.id));
  assert.deepStrictEqual((await tasks.getAgentPoolsByIds([pool.id])).map((p) => p.name), [name]);
  assert.strictEqual((await tasks.updateAgentPool({name: `${name} 2`}, pool.id)).name, `${name} 2`);

  const agent = await tasks.addAgent({name: 'a1', version: '4.248.0', maxParallelism: 1, status: 2}, pool.id);
  assert.strictEqual(agent.status, 2);  // online
  assert.deepStrictEqual((await tasks.getAgents(pool.id, 'a1')).map((a) => a.id), [agent.id]);
  const disabled = await tasks.updateAgent({id: agent.id, enabled: false}, pool.id, agent.id);
  assert.strictEqual(disabled.enabled, false);
  assert.strictEqual(disabled.version, '4.248.0');
  const replaced = await tasks.replaceAgent({id: agent.id, name: 'a2'}, pool.id, agent.id);
  assert.strictEqual(replaced.enabled, true);
  assert.strictEqual((await tasks.getAgentPool(pool.id)).size, 1);

  const queue = await tasks.addAgentQueue({name, pool: {id: pool.id}}, 'Website');
  assert.strictEqual(queue.pool.id, pool.id);
  assert.deepStrictEqual((await tasks.getAgentQueues('Website', name)).map((q) => q.id), [queue.id]);
  assert.deepStrictEqual((await tasks.getAgentQueuesByNames([name], 'Website')).map((q) => q.id), [queue.id]);
  assert.deepStrictEqual((await tasks.getAgentQueuesForPools([pool.id], 'Website')).map((q) => q.id), [queue.id]);
  await tasks.deleteAgentQueue(queue.id, 'Website');
  assert.strictEqual(await tasks.getAgentQueue(queue.id, 'Website'), null);

  await tasks.deleteAgent(pool.id, agent.id);
  assert.strictEqual(await tasks.getAgent(pool.id, agent.id), null);
  await tasks.deleteAgentPool(pool.id);
  assert.strictEqual(await tasks.getAgentPool(pool.id), null);

  const core = await connection.getCoreApi();
  await assert.rejects(core.getProjects(), (error) => error.statusCode === 403);
  console.log('done');
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
