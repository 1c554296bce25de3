-- A store as the third version of the schema left it: passports by their texts.
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

ALTER TABLE feed ADD COLUMN mark TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN records INTEGER NOT NULL DEFAULT -1;
ALTER TABLE run ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
CREATE TABLE passport(id TEXT PRIMARY KEY, product TEXT NOT NULL, grain TEXT NOT NULL, model TEXT NOT NULL, batch TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX passport_by_product ON passport(product);
CREATE INDEX passport_by_model ON passport(model) WHERE model <> '';
CREATE INDEX passport_by_batch ON passport(batch) WHERE batch <> '';
CREATE TABLE passport_version(passport TEXT NOT NULL REFERENCES passport(id), version INTEGER NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, safety TEXT NOT NULL, operator TEXT NOT NULL, digest TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(passport, version)) WITHOUT ROWID;
CREATE TABLE passport_secured(credential TEXT NOT NULL UNIQUE, passport TEXT NOT NULL, version INTEGER NOT NULL, audience TEXT NOT NULL, form TEXT NOT NULL, issuer TEXT NOT NULL, list TEXT NOT NULL, idx INTEGER NOT NULL, at INTEGER NOT NULL, bytes TEXT NOT NULL, FOREIGN KEY(passport, version) REFERENCES passport_version(passport, version));
CREATE INDEX secured_by_version ON passport_secured(passport, version);
CREATE TABLE status_list(url TEXT PRIMARY KEY, purpose TEXT NOT NULL, bits BLOB NOT NULL, secured TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE status_entry(list TEXT NOT NULL REFERENCES status_list(url), idx INTEGER NOT NULL, credential TEXT NOT NULL, PRIMARY KEY(list, idx)) WITHOUT ROWID;

INSERT INTO passport VALUES('urn:uuid:00000000-0000-4000-8000-00000000000a','https://id.gs1.org/01/09521234543213','model','','',1);
INSERT INTO passport VALUES('urn:batch','https://id.gs1.org/01/09521234543213/10/L1','batch','urn:uuid:00000000-0000-4000-8000-00000000000a','',1);
INSERT INTO passport VALUES('urn:item','https://id.gs1.org/01/09521234543213/21/S1','item','urn:uuid:00000000-0000-4000-8000-00000000000a','urn:batch',2);
INSERT INTO passport_version VALUES('urn:uuid:00000000-0000-4000-8000-00000000000a',1,100,'active','none_known','did:web:m.example','0f1e2d','{"document":"of the model, with some length to it so that there is something to pack"}');
INSERT INTO passport_version VALUES('urn:batch',1,200,'active','recalled','did:web:m.example','AB','{"document":"of the batch, with some length to it so that there is something to pack"}');
INSERT INTO passport_version VALUES('urn:item',1,200,'active','none_known','did:web:m.example','ab','{"document":"of the item, with some length to it so that there is something to pack"}');
INSERT INTO passport_version VALUES('urn:item',2,300,'archived','none_known','did:web:other.example','cd','{"document":"of the item, second, with some length to it so that there is something to pack"}');
INSERT INTO status_list VALUES('https://m.example/s/1','revocation',x'0080000000','a.b.c',150);
INSERT INTO passport_secured VALUES('urn:uuid:00000000-0000-4000-8000-00000000000b','urn:item',1,'public','untp-jose','did:key:z1','https://m.example/s/1',8,200,'eyJhIjoxfQ.eyJkb2N1bWVudCI6Im9mIHRoZSBpdGVtLCB3aXRoIHNvbWUgbGVuZ3RoIHRvIGl0In0.c2lnbmF0dXJl');
INSERT INTO passport_secured VALUES('urn:c2','urn:item',2,'authority+public','untp-di','did:key:z1','',0,300,'{"proof":1}');
INSERT INTO status_entry VALUES('https://m.example/s/1',8,'urn:uuid:00000000-0000-4000-8000-00000000000b');
PRAGMA journal_mode = WAL;
PRAGMA user_version = 3;
PRAGMA application_id = 1953715028;
