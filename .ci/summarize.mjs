// Adds up what CI ran. Plain JavaScript for any Node: it must still run where the install has failed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The steps in which everything is counted one by one, and the files that say how it went. */
const folder = process.argv[2] ?? '.';
const steps = readSteps();
const suites = readSuites();
const checks = readJson(path.join(folder, 'check.json')) ?? [];

const rows = [
  ...suites,
  ...checks.map(({ name, problems }) => row(`check ${name}`, problems.length === 0)),
  ...steps.filter(({ name }) => !isCounted(name)).map(({ name, code }) => row(name, code === 0)),
  // What failed although nothing that is counted did: a crash, a hang, a suite without tests.
  ...steps
    .filter(({ name, code }) => isCounted(name) && code !== 0 && !hasFailure(name))
    .map(({ name }) => row(`${name} (ended early)`, false)),
  ...(sum(suites, 'passed') === 0 ? [row('no test ran', false)] : []),
];

console.log('\npassed  failed');
for (const { name, passed, failed } of rows) {
  console.log(`${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${name}`);
}
for (const { name, seconds } of steps) console.log(`${`${seconds} s`.padStart(14)}  ${name}`);
for (const { name, second, broken } of suites) {
  for (const test of second) print(`${name}: passed only at the second attempt`, test);
  for (const test of broken) print(`${name}: failed`, test);
}

const failed = sum(rows, 'failed');
console.log(`\n${sum(rows, 'passed')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readSteps() {
  const file = path.join(folder, 'steps');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return lines.map((line) => {
    const [name, code, seconds] = line.split(' ');
    return { name, code: Number(code), seconds: Number(seconds) };
  });
}

function readSuites() {
  const reports = path.join(folder, 'tests');
  const files = existsSync(reports) ? readdirSync(reports).toSorted() : [];
  return files.map((file) => {
    const report = readJson(path.join(reports, file));
    const name = `test ${path.basename(file, '.json')}`;
    if (report === null) return { ...row(name, false), second: [], broken: [] };
    const { numPassedTests, numFailedTests, success } = report;
    // A file that cannot be loaded fails without any test of it having failed.
    const unexplained = !success && numFailedTests === 0 ? 1 : 0;
    return {
      name,
      passed: numPassedTests,
      failed: numFailedTests + unexplained,
      ...readTroubles(report),
    };
  });
}

/** The tests of a report that failed, in the end or at the first of two attempts, and the files that do not load. */
function readTroubles(report) {
  const { testResults = [] } = report;
  const tests = testResults.flatMap((file) => file.assertionResults);
  const troubled = tests.filter(({ failureMessages }) => failureMessages.length > 0);
  const unloaded = testResults.filter((file) => file.message !== '');
  return {
    second: troubled.filter(({ status }) => status === 'passed'),
    broken: [
      ...troubled.filter(({ status }) => status === 'failed'),
      ...unloaded.map(({ name, message }) => ({ fullName: name, failureMessages: [message] })),
    ],
  };
}

function print(heading, { fullName, failureMessages }) {
  const lines = failureMessages.join('\n').split('\n');
  const reason = lines.filter((line) => !/node_modules|new Promise \(/.test(line)).slice(0, 12);
  console.log(`\n${heading}: ${fullName}\n${reason.map((line) => `    ${line}`).join('\n')}`);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function isCounted(name) {
  return name === 'test' || name === 'check';
}

function hasFailure(name) {
  return name === 'test'
    ? suites.some((suite) => suite.failed > 0)
    : checks.some(({ problems }) => problems.length > 0);
}

function row(name, passed) {
  return { name, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

function sum(list, key) {
  return list.reduce((total, one) => total + one[key], 0);
}
