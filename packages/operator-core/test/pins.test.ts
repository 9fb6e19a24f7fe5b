import * as core from 'operator-core';
import { describe, expect, it } from 'vitest';
import { switchLamp } from './examples.ts';

// What stands here is promised to plugin authors and hosts. A line may be added with a minor version;
// one that changes or goes needs a new major of the contract and its decision page.
describe('pinned', () => {
  it('the contract version', () => {
    expect(core.CONTRACT_VERSION).toBe('1.0');
    expect(core.PLAN_FORMAT).toBe('operator.plan/1');
    expect(core.PLUGIN_KIND).toBe('operator-subject-plugin');
  });

  it('the values that the package exports', () => {
    expect(Object.keys(core).toSorted()).toMatchInlineSnapshot(`
      [
        "ActionRegistry",
        "CONTRACT_VERSION",
        "CORE_ERROR_CODES",
        "EFFECT_CAUSES",
        "ERROR_KINDS",
        "OperatorError",
        "PARAM_TYPES",
        "PLAN_FORMAT",
        "PLUGIN_KIND",
        "RESERVED_PARAMETER_NAMES",
        "RISK_LEVELS",
        "UNITS",
        "advise",
        "canonicalJson",
        "checkPlugin",
        "createMisbehaved",
        "createNextSchema",
        "createRemedySchema",
        "defineAction",
        "defineObservation",
        "definePlugin",
        "describeActions",
        "describeObservations",
        "digestPlan",
        "digestText",
        "draft",
        "forSubject",
        "higherRisk",
        "invalidPlugin",
        "isContractCompatible",
        "isHttpRequest",
        "isJsonObject",
        "isJsonValue",
        "isOrigin",
        "isTolerated",
        "isUnknown",
        "nearestNames",
        "nothingToDo",
        "parsePlanOutcome",
        "parseVerification",
        "readContractVersion",
        "readMember",
        "refuse",
        "schemaIssues",
        "toRemedy",
        "toRequestContent",
        "toRequestTitle",
        "unknownBecause",
        "validateParameters",
        "viewIssues",
        "wordRemedy",
      ]
    `);
  });

  it('the kinds of errors', () => {
    expect(core.ERROR_KINDS).toMatchInlineSnapshot(`
      [
        "bug",
        "usage",
        "config",
        "plugin",
        "refused",
        "needs_approval",
        "stale",
        "failed",
        "partly_done",
        "unverified",
        "unreachable",
        "interrupted",
      ]
    `);
  });

  it('the codes of errors', () => {
    expect(Object.keys(core.CORE_ERROR_CODES)).toMatchInlineSnapshot(`
      [
        "PLUGIN_INVALID",
        "PLUGIN_MISBEHAVED",
        "VALUE_NOT_JSON",
      ]
    `);
  });

  it('the types of parameters, risks and units', () => {
    expect(core.PARAM_TYPES).toMatchInlineSnapshot(`
      [
        "integer",
        "number",
        "string",
        "boolean",
        "array",
        "object",
      ]
    `);
    expect(core.RISK_LEVELS).toMatchInlineSnapshot(`
      [
        "low",
        "medium",
        "high",
      ]
    `);
    expect(core.UNITS).toMatchInlineSnapshot(`
      [
        "count",
        "bytes",
        "bytes_per_second",
        "per_second",
        "milliseconds",
        "seconds",
        "ratio",
        "time",
      ]
    `);
  });

  it('an action as JSON', () => {
    expect(core.describeActions([switchLamp])).toMatchInlineSnapshot(`
      [
        {
          "description": "Switch a lamp on or off",
          "hints": {
            "destructive": false,
            "idempotent": true,
          },
          "name": "switch_lamp",
          "parameters": {
            "brightness": {
              "description": "How bright it shall be",
              "maximum": 1,
              "minimum": 0,
              "required": false,
              "type": "number",
            },
            "colour": {
              "default": "#ffffff",
              "description": "Its colour",
              "pattern": "^#[0-9a-f]{6}$",
              "required": false,
              "type": "string",
            },
            "lamp_id": {
              "description": "The lamp",
              "entity": "lamp",
              "maximum": 64,
              "minimum": 1,
              "required": true,
              "type": "integer",
            },
            "rooms": {
              "description": "Where it shines",
              "required": false,
              "schema": {
                "description": "Where it shines",
                "items": {
                  "type": "string",
                },
                "type": "array",
              },
              "type": "array",
            },
            "state": {
              "description": "How it shall be",
              "enum": [
                "on",
                "off",
              ],
              "required": true,
              "type": "string",
            },
          },
          "parametersSchema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "additionalProperties": false,
            "properties": {
              "brightness": {
                "description": "How bright it shall be",
                "maximum": 1,
                "minimum": 0,
                "type": "number",
              },
              "colour": {
                "default": "#ffffff",
                "description": "Its colour",
                "pattern": "^#[0-9a-f]{6}$",
                "type": "string",
              },
              "lamp_id": {
                "description": "The lamp",
                "entity": "lamp",
                "maximum": 64,
                "minimum": 1,
                "type": "integer",
              },
              "rooms": {
                "description": "Where it shines",
                "items": {
                  "type": "string",
                },
                "type": "array",
              },
              "state": {
                "description": "How it shall be",
                "enum": [
                  "on",
                  "off",
                ],
                "type": "string",
              },
            },
            "required": [
              "lamp_id",
              "state",
            ],
            "type": "object",
          },
          "requiresApproval": false,
          "riskLevel": "low",
        },
      ]
    `);
  });
});
