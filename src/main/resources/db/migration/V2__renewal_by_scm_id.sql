-- longer than the service's own statements may take: there may be millions of rows
SET LOCAL statement_timeout = '10min';
-- How far a list was read back is told by a certificate of ours at its end.
CREATE INDEX renewal_scm_id ON renewal (account, scm_certificate_id) WHERE scm_certificate_id IS NOT NULL;
