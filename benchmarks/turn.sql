-- One turn as pgbench plays it: one transaction, five round trips, the rows of a turn of Medvind's in Medvind's tables.
\set n :n + 1
\set person 1 + (:client_id + 64 * (:n / 12)) % 1000
\set id :client_id * 1000000 + :n
BEGIN;
WITH received AS (
    INSERT INTO inbox (participant_id, channel, message_id, seq, conversation, sealed_body, state, received_at)
    VALUES (:person, 'web', :id, :id, 1, decode(repeat('5a', 200), 'hex'), 'done', now())
)
SELECT p.next_seq, p.data_key, c.sealed_session
FROM participant p JOIN conversation c ON c.participant_id = p.id
WHERE p.id = :person FOR UPDATE OF p;
UPDATE conversation SET sealed_session = decode(repeat('5a', 600), 'hex')
WHERE participant_id = :person AND number = 1;
WITH answered AS (
    INSERT INTO answer (participant_id, conversation, question, each, revision, outcome, choices, version, language, at)
    VALUES (:person, 1, 'measured_checkin/week', :id, 1, 'answered', '["mixed"]', 1, 'en', now())
)
INSERT INTO outbox (participant_id, seq, conversation, channel, sealed_body, state, created_at)
VALUES (:person, :id, 1, 'web', decode(repeat('5a', 900), 'hex'), 'queued', now());
COMMIT;
