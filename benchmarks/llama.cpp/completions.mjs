// Whole completions of llama.cpp, to be compared with `benchmarks -- completions`: the same weights, requests and number of tokens, two threads.
//
//     node completions.mjs MODEL.gguf REQUESTS
//
// MODEL.gguf: what models/training/export_gguf.py wrote. REQUESTS: what `benchmarks -- completions SAMPLES COUNT --out REQUESTS` wrote. What stands in
// llama.cpp's key/value cache already is not read again. First without drafts, then with its own prompt lookup.
import { readFileSync } from "node:fs";
import { getLlama, InputLookupTokenPredictor, LlamaLogLevel } from "node-llama-cpp";

const THREADS = 2;
const CONTEXT = 1280;
const BATCH = 512;

const [modelPath, requestsPath] = process.argv.slice(2);
if (!requestsPath) {
  console.error("Name the model and the requests: node completions.mjs MODEL.gguf REQUESTS");
  process.exit(2);
}

const requests = readFileSync(requestsPath, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const llama = await getLlama({ gpu: false, build: "never", maxThreads: THREADS, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath });
console.log(`${requests.length} requests, llama.cpp ${llama.llamaCppRelease.release}, ${THREADS} threads`);
console.log("drafts | where | requests | tokens read | tokens written | a completion, ms: p50, p95 | reading, ms a token | writing, ms a token");
await measure("none", undefined);
await measure("prompt lookup", new InputLookupTokenPredictor());

/** Completes all requests in their order with one cache, and prints a line for new places and one for those that were typed on. */
async function measure(drafts, tokenPredictor) {
  const context = await model.createContext({ contextSize: CONTEXT, batchSize: BATCH, threads: { ideal: THREADS, min: THREADS } });
  const sequence = context.getSequence({ tokenPredictor });
  // What is made at the first call belongs to the start.
  await complete(sequence, { prompt: requests[0].prompt.slice(0, 64), written: 4 });
  const measured = { true: [], false: [] };
  for (const request of requests) {
    measured[request.new].push(await complete(sequence, request));
  }

  for (const [isNew, all] of Object.entries(measured)) {
    const whole = all.map((one) => one.reading + one.writing).sort((a, b) => a - b);
    const read = sum(all, (one) => one.read);
    const written = sum(all, (one) => one.written);
    console.log(
      [
        drafts,
        isNew === "true" ? "a new place" : "typed on",
        all.length,
        read,
        written,
        `${percentile(whole, 0.5).toFixed(0)}, ${percentile(whole, 0.95).toFixed(0)}`,
        (sum(all, (one) => one.reading) / read).toFixed(3),
        (sum(all, (one) => one.writing) / written).toFixed(2),
      ].join(" | "),
    );
  }

  await context.dispose();
}

/** Reads what is new of a prompt and writes as many tokens as the product did, greedily. Times in milliseconds. */
async function complete(sequence, { prompt, written }) {
  const began = performance.now();
  // The last token is read with the first that is written.
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  const left = prompt.slice(sequence.nextTokenIndex);
  let first;
  let count = 0;
  for await (const _ of sequence.evaluate(left, { temperature: 0, yieldEogToken: true })) {
    first ??= performance.now();
    if (++count >= written) {
      break;
    }
  }

  return { read: left.length, written: count, reading: first - began, writing: performance.now() - first };
}

function sum(all, of) {
  return all.reduce((total, one) => total + of(one), 0);
}

/** Of sorted numbers; the nearest rank. */
function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
