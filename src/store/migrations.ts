/** The schema, one entry a version. Entries that have been released are never edited; add a new one. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE state (
    room TEXT NOT NULL, type TEXT NOT NULL, state_key TEXT NOT NULL, event TEXT NOT NULL,
    PRIMARY KEY (room, type, state_key)
  ) WITHOUT ROWID;
  CREATE TABLE member (
    room TEXT NOT NULL, user TEXT NOT NULL, membership TEXT NOT NULL, stamp INTEGER NOT NULL,
    ours INTEGER NOT NULL, for_list TEXT,
    PRIMARY KEY (room, user)
  ) WITHOUT ROWID;
  CREATE TABLE room (room TEXT PRIMARY KEY, summary TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE keep (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE decision (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, room TEXT, target TEXT NOT NULL,
    action TEXT NOT NULL, cause TEXT NOT NULL, occasion TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed', 'superseded')),
    result TEXT, ended_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX decision_at ON decision (at);
  CREATE INDEX decision_open ON decision (state) WHERE state = 'open';
  CREATE INDEX decision_target ON decision (target, at);
  CREATE INDEX decision_occasion ON decision (occasion);
  CREATE TABLE refusal (at INTEGER NOT NULL, kind TEXT NOT NULL, room TEXT, target TEXT NOT NULL, why TEXT NOT NULL, cause TEXT NOT NULL);
  CREATE INDEX refusal_target ON refusal (target, at);
  `,
  // Questions; who speaks here; how long people have been here; whom an act is about; rules that went; short numbers.
  `
  CREATE TABLE question (id INTEGER PRIMARY KEY, question TEXT NOT NULL);
  CREATE TABLE speaker (
    user TEXT PRIMARY KEY, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, days INTEGER NOT NULL
  ) WITHOUT ROWID;
  ALTER TABLE member ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE decision ADD COLUMN subject TEXT;
  CREATE INDEX decision_subject ON decision (subject, at) WHERE subject IS NOT NULL;
  CREATE INDEX decision_room ON decision (room, at);
  CREATE TABLE past_rule (
    list TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT NOT NULL, rule TEXT NOT NULL,
    ended_at INTEGER NOT NULL, ended_by TEXT
  );
  CREATE INDEX past_rule_entity ON past_rule (entity, ended_at);
  CREATE INDEX past_rule_at ON past_rule (ended_at);
  CREATE TABLE incident (id INTEGER PRIMARY KEY AUTOINCREMENT, occasion TEXT NOT NULL UNIQUE);
  `,
  // Small things that are believed, each kind under its own keys: mutes, offences.
  `
  CREATE TABLE note (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
  `,
  // What was removed, sealed with a key that is not in here.
  `
  CREATE TABLE stash (
    event TEXT PRIMARY KEY, room TEXT NOT NULL, user TEXT NOT NULL, occasion TEXT NOT NULL,
    removed_at INTEGER NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, sealed BLOB NOT NULL
  );
  CREATE INDEX stash_at ON stash (removed_at, size);
  CREATE INDEX stash_user ON stash (user, removed_at);
  CREATE INDEX stash_occasion ON stash (occasion, removed_at);
  CREATE INDEX stash_key ON stash (key);
  `,
  // What was done, by words and by kind, for questions that would have to look at every decision.
  `
  CREATE INDEX decision_kind ON decision (at, kind, state);
  CREATE VIRTUAL TABLE decision_text USING fts5(
    id UNINDEXED, who, author, room, kind, words,
    content = '', contentless_unindexed = 1, contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
  INSERT INTO decision_text (rowid, id, who, author, room, kind, words)
    SELECT (at << 20) | (row_number() OVER (ORDER BY at) & 1048575), id, target || ' ' || coalesce(subject, ''),
      json_extract(cause, '$.by'), room, kind,
      concat_ws(' ', json_extract(action, '$.reason'), json_extract(cause, '$.text'),
        json_extract(cause, '$.sentence'), json_extract(cause, '$.entity'))
    FROM decision WHERE kind NOT IN ('tell', 'ask', 'react', 'describe-command');
  `,
];
