/**
 * Every change that moderators can make to the settings: what it makes of them, the change that takes it back, whether it
 * still holds, and what it is about. Each change is one row in the file of what it changes; this file puts them together.
 */
import { answerChanges, type AnswerChange } from "./answers.ts";
import { bridgeChanges, type BridgeChange } from "./bridges.ts";
import type { ChangeLimits, ChangeRow, ChangeRows } from "./change-row.ts";
import { dutyChanges, type DutyChange } from "./duty.ts";
import { exceptionChanges, type ExceptionChange } from "./exceptions.ts";
import { exemptionChanges, type ExemptionChange } from "./exemptions.ts";
import { foreignBotChanges, type ForeignBotChange } from "./foreign-bots.ts";
import { inviterChanges, type InviterChange } from "./inviters.ts";
import { knockChanges, type KnockChange } from "./knocks.ts";
import { labelChanges, type LabelChange } from "./labels.ts";
import { listChanges, type ListChange } from "./lists.ts";
import { noteChanges, type NoteChange } from "./notes.ts";
import { policyServerChanges, type PolicyServerChange } from "./policy-servers.ts";
import { previewChanges, type PreviewChange } from "./previews.ts";
import { profileChanges, type ProfileChange } from "./profile.ts";
import { protectionChanges, type ProtectionChange } from "./protections.ts";
import { rehearsalChanges, type RehearsalChange } from "./rehearsal.ts";
import { reportChanges, type ReportChange } from "./reports.ts";
import { rolesChanges, type RolesChange } from "./roles.ts";
import { roomChanges, type RoomChange } from "./rooms.ts";
import { ruleChanges, type RuleChange } from "./rules.ts";
import { rulesRoomChanges, type RulesRoomChange } from "./rules-rooms.ts";
import type { Settings } from "./settings.ts";
import { staffChanges, type StaffChange } from "./staff.ts";
import { stopChanges, type StopChange } from "./stop.ts";
import { waveChanges, type WaveChange } from "./waves.ts";
import { webChanges, type WebChange } from "./web.ts";

export type SettingChange =
  | RoomChange
  | ListChange
  | ExemptionChange
  | ExceptionChange
  | AnswerChange
  | ProtectionChange
  | ProfileChange
  | RuleChange
  | RulesRoomChange
  | ForeignBotChange
  | LabelChange
  | PreviewChange
  | StopChange
  | WaveChange
  | StaffChange
  | DutyChange
  | RehearsalChange
  | KnockChange
  | PolicyServerChange
  | RolesChange
  | ReportChange
  | NoteChange
  | BridgeChange
  | InviterChange
  | WebChange;

const rows: ChangeRows<Settings, SettingChange> = {
  ...roomChanges,
  ...listChanges,
  ...exemptionChanges,
  ...exceptionChanges,
  ...answerChanges,
  ...protectionChanges,
  ...profileChanges,
  ...ruleChanges,
  ...rulesRoomChanges,
  ...foreignBotChanges,
  ...labelChanges,
  ...previewChanges,
  ...stopChanges,
  ...waveChanges,
  ...staffChanges,
  ...dutyChanges,
  ...rehearsalChanges,
  ...knockChanges,
  ...policyServerChanges,
  ...rolesChanges,
  ...reportChanges,
  ...noteChanges,
  ...bridgeChanges,
  ...inviterChanges,
  ...webChanges,
};

/** Settings after a change; the same object where it changes nothing. */
export function changeSettings(settings: Settings, change: SettingChange, limits: ChangeLimits): Settings {
  const differing = rowOf(change).apply(settings, change, limits);
  return Object.keys(differing).length === 0 ? settings : { ...settings, ...differing };
}

/** The change that takes a change back, seen from the settings before it; undefined where none does. */
export function inverseOfChange(change: SettingChange, before: Settings): SettingChange | undefined {
  return rowOf(change).inverse(change, before);
}

/** Whether the settings still show the change: what was changed again since is not taken back. */
export function changeHolds(change: SettingChange, now: Settings): boolean {
  return rowOf(change).holds(change, now);
}

/** The room, user, server or entity by which a change is found; undefined where it is about none. */
export function subjectOfChange(change: SettingChange): string | undefined {
  return rowOf(change).subject(change);
}

type Kind = SettingChange["kind"];
type ChangeOf<K extends Kind> = Extract<SettingChange, { readonly kind: K }>;

function rowOf<K extends Kind>(change: {
  readonly kind: K;
}): ChangeRow<Settings, ChangeOf<K>, SettingChange> {
  return rows[change.kind];
}
