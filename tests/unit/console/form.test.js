import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { faultsAt, faultsElsewhere } from "../../../console/web/modules/form/faults.js";
import { fieldsOf } from "../../../console/web/modules/form/fields.js";
import { accountsWithin, activeAccounts, pruned } from "../../../console/web/modules/form/organization.js";
import { KINDS, NO_SCOPE, isChosen, scopeOf, scopeRequest } from "../../../console/web/modules/form/scope.js";
import { initialValues, requestOf, valuesOf } from "../../../console/web/modules/form/values.js";

const schema = JSON.parse(readFileSync(new URL("../../../fleetdx/schemas/scan_request.schema.json", import.meta.url)));
const fields = fieldsOf(schema).filter((one) => one.name !== "scope");

test("every property of the request's schema becomes a field of a kind that can be typed", () => {
  assert.deepEqual(
    Object.keys(schema.properties).filter((name) => name !== "scope"),
    fields.map((one) => one.name),
  );
  const kinds = Object.fromEntries(fields.map((one) => [one.name, one.kind]));
  assert.equal(kinds.delivery, "choice");
  assert.equal(kinds.exports, "several");
  assert.equal(kinds.tags, "pairs");
  assert.equal(kinds.canary, "group");
  assert.equal(kinds.max_attempts, "number");
  assert.equal(kinds.regions, "list");
});

test("the scope's kinds are the schema's", () => {
  assert.deepEqual([...KINDS].sort(), Object.keys(schema.properties.scope.properties).sort());
});

test("an untouched form asks for nothing but its scope", () => {
  assert.deepEqual(requestOf(fields, initialValues(fields)), {});
});

test("what was typed is told in the request's own types", () => {
  const values = {
    ...initialValues(fields),
    regions: "us-east-1, ap-northeast-2\nus-east-1",
    tags: "Team=security\nTeam=platform\nNote=a=b\n__proto__=x",
    execution_timeout_seconds: "60",
    exports: [],
    notify: false,
    canary: { given: true, targets: "111122223333/us-east-1", instances: "3", max_failures: "" },
  };
  const request = requestOf(fields, values);
  assert.deepEqual(request.regions, ["us-east-1", "ap-northeast-2"]);
  assert.deepEqual(Object.entries(request.tags), [["Team", ["security", "platform"]], ["Note", ["a=b"]], ["__proto__", ["x"]]]);
  assert.equal(request.execution_timeout_seconds, 60);
  assert.deepEqual(request.exports, []);
  assert.equal(request.notify, false);
  assert.deepEqual(request.canary, { targets: ["111122223333/us-east-1"], instances: 3 });
});

test("what is no number is left for the server to say so", () => {
  assert.equal(requestOf(fields, { ...initialValues(fields), max_attempts: "many" }).max_attempts, "many");
});

test("a request of an earlier run fills the form, which then says the same", () => {
  const request = {
    regions: ["us-east-1"],
    tags: { Team: ["security", "platform"] },
    delivery: "inline",
    execution_timeout_seconds: 60,
    canary: { targets: ["111122223333/us-east-1"], instances: 3 },
    dry_run: true,
  };
  assert.deepEqual(requestOf(fields, valuesOf(fields, { ...request, checks: [], notify: true })), request);
});

test("a scope is exactly one kind, and goes there and back", () => {
  const accounts = { accounts: ["111122223333"] };
  assert.deepEqual(scopeRequest(scopeOf(accounts)), accounts);
  assert.deepEqual(scopeRequest(scopeOf({ organization: true })), { organization: true });
  assert.equal(scopeRequest(NO_SCOPE), null);
});

test("nothing is chosen until something is named", () => {
  assert.equal(isChosen(NO_SCOPE), false);
  assert.equal(isChosen({ ...NO_SCOPE, kind: "accounts" }), false);
  assert.equal(isChosen({ ...NO_SCOPE, kind: "instances", instances: " \n" }), false);
  assert.equal(isChosen({ ...NO_SCOPE, kind: "organization" }), true);
});

test("a fault belongs to its field, or to the form where no field has it", () => {
  const faults = [
    { pointer: "/tags/Team/0", message: "a" },
    { pointer: "/tagsmore", message: "b" },
    { pointer: "", message: "c" },
  ];
  assert.deepEqual(faultsAt(faults, "/tags").map((one) => one.message), ["a"]);
  assert.deepEqual(faultsElsewhere(faults, ["/tags"]).map((one) => one.message), ["b", "c"]);
});

const account = (id, status = "ACTIVE") => ({ id, name: `name-${id}`, kind: "account", status, children: [] });
const unit = (id, ...children) => ({ id, name: `Unit ${id}`, kind: "organizational_unit", children });
const organization = { id: "r", name: "Root", kind: "root", children: [unit("ou-1", account("1"), unit("ou-2", account("2", "SUSPENDED"), account("3"))), account("4")] };

test("only active accounts are counted, each once, however units overlap", () => {
  assert.deepEqual(activeAccounts(organization).map((one) => one.id), ["1", "3", "4"]);
  assert.deepEqual(accountsWithin(organization, new Set(["ou-1", "ou-2", "4"])).map((one) => one.id), ["1", "3", "4"]);
});

test("a search keeps what matches, with what is above and below it", () => {
  const found = pruned(organization, "UNIT ou-2");
  assert.deepEqual(found.children.map((one) => one.id), ["ou-1"]);
  assert.deepEqual(found.children[0].children.map((one) => one.id), ["ou-2"]);
  assert.equal(found.children[0].children[0].children.length, 2);
  assert.equal(pruned(organization, "nobody"), null);
  assert.equal(pruned(organization, " "), organization);
});
