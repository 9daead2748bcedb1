-- Run by the owner of the tables after each migration; running it again changes nothing.
GRANT USAGE ON SCHEMA public TO certcourier;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO certcourier;
-- what has been recorded stays as it is
REVOKE UPDATE, DELETE ON audit, refusal FROM certcourier;
-- read to see whether the schema is as new as the code
REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history FROM certcourier;
