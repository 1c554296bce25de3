-- A store as the first version of the schema left it.
CREATE TABLE notice(id TEXT PRIMARY KEY, source TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, json TEXT NOT NULL, first_seen INTEGER NOT NULL, last_changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE notice_version(notice TEXT NOT NULL REFERENCES notice(id), version INTEGER NOT NULL, seen INTEGER NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(notice, version)) WITHOUT ROWID;
CREATE TABLE notice_set(one INTEGER PRIMARY KEY CHECK(one = 1), count INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL);
INSERT INTO notice_set VALUES(1, 0, 0, 0);
CREATE TABLE run(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL, model TEXT NOT NULL, started INTEGER NOT NULL, finished INTEGER NOT NULL, records INTEGER NOT NULL, bad INTEGER NOT NULL, fresh INTEGER NOT NULL, changed INTEGER NOT NULL, complete INTEGER NOT NULL);
CREATE INDEX run_by_source ON run(kind, source, id);
CREATE TABLE feed(url TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL, fetched INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE lead(id TEXT PRIMARY KEY, source TEXT NOT NULL, offer TEXT NOT NULL, notice TEXT NOT NULL, probability REAL NOT NULL, grade TEXT NOT NULL, rung TEXT NOT NULL, scope_fit TEXT NOT NULL, legal_effect TEXT NOT NULL, model TEXT NOT NULL, json TEXT NOT NULL, run INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX lead_by_run ON lead(run, probability);
CREATE INDEX lead_by_notice ON lead(notice);

INSERT INTO notice VALUES('office:1','office','1','published',1,'00000000000000000000000000000abc','{"format":"touchstone-notice-1","id":"office:1","source":"office","number":"1","product":"kettle","state":"published"}',100,100);
INSERT INTO notice_version SELECT id, 1, 100, digest, state, json FROM notice;
UPDATE notice_set SET count = 1;
INSERT INTO run VALUES(1,0,'office','template','',100,101,1,0,1,0,1);
INSERT INTO feed VALUES('https://feed.example/','"tag"','',100);
INSERT INTO lead VALUES('0123456789','shop','o1','office:1',0.9,'review','brand_model','inside','unknown','touchstone-rules-1','{"id":"0123456789"}',1,100,100);
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
PRAGMA application_id = 1953715028;
