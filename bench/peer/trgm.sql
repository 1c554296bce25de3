-- PostgreSQL's trigram index on the retrieval task, for psql. Variables: dir (folder of the input and result files, as the server
-- sees it), gin (on or off: then GiST), threshold (of similarity, for GIN). Prints figures as "name<TAB>value"; the lines "cpu"
-- hold a label and the backend's own account of nanoseconds on a processor, taken before and after each step.
--
-- One client, one backend, no parallel plan, no compilation: one core. A measured statement is planned once and looks up every
-- offer in turn, so that nothing is spent between server and client.
\set ON_ERROR_STOP on
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET max_parallel_maintenance_workers = 0;
SET jit = off;
SET enable_seqscan = off;
SET synchronous_commit = off;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DROP TABLE IF EXISTS notices, mix, matched;
SELECT set_config('pg_trgm.similarity_threshold', :'threshold', false) AS threshold \gset
SELECT pg_backend_pid() AS pid \gset
\setenv PEER_BACKEND :pid
SELECT 'version' || E'\t' || 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', pg_trgm ' || extversion
FROM pg_extension WHERE extname = 'pg_trgm';

CREATE TABLE notices (number serial, id text, body text);
CREATE TABLE mix (number serial, truth text, language text, body text);
CREATE TABLE matched (number serial, truth text, language text, body text);
\set notices_file :dir '/notices.tsv'
\set mix_file :dir '/mix.tsv'
\set true_file :dir '/true.tsv'
\set results_file :dir '/results.tsv'
COPY mix (truth, language, body) FROM :'mix_file';
COPY matched (truth, language, body) FROM :'true_file';

\set now `cat "/proc/$PEER_BACKEND/schedstat"`
\echo cpu build :now
BEGIN;
COPY notices (id, body) FROM :'notices_file';
\if :gin
CREATE INDEX search ON notices USING gin (body gin_trgm_ops) WITH (fastupdate = off);
\else
CREATE INDEX search ON notices USING gist (body gist_trgm_ops (siglen = 64));
\endif
COMMIT;
\set now `cat "/proc/$PEER_BACKEND/schedstat"`
\echo cpu build :now
VACUUM ANALYZE;
SELECT 'index_bytes' || E'\t' || pg_relation_size('search');

\if :gin
\set best '(SELECT n.number FROM notices n WHERE n.body % o.body ORDER BY similarity(n.body, o.body) DESC LIMIT 10)'
\else
\set best '(SELECT n.number FROM notices n ORDER BY n.body <-> o.body LIMIT 10)'
\endif

-- Warm: the first offers, not measured.
SELECT count(*) AS found FROM mix o, LATERAL :best b WHERE o.number <= 100 \gset

\set now `cat "/proc/$PEER_BACKEND/schedstat"`
\echo cpu mix :now
SELECT count(b.number) AS found FROM mix o, LATERAL :best b \gset
\set now `cat "/proc/$PEER_BACKEND/schedstat"`
\echo cpu mix :now
COPY (SELECT o.number, b.number FROM matched o, LATERAL :best b) TO :'results_file';
\set now `cat "/proc/$PEER_BACKEND/schedstat"`
\echo cpu true :now
SELECT 'mix_offers' || E'\t' || count(*) FROM mix;
SELECT 'true_offers' || E'\t' || count(*) FROM matched;
