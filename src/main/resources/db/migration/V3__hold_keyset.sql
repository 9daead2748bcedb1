-- A renewal whose sealed key needs a key that the keyset lacks waits for it. NOT VALID: every row that passed the narrower
-- check passes this one, so the table need not be read under the lock.
ALTER TABLE renewal DROP CONSTRAINT renewal_hold_check;
ALTER TABLE renewal ADD CONSTRAINT renewal_hold_check CHECK (hold IN ('ACCOUNT','PERMISSION','OPERATOR','UNCLEAR','KEYSET')) NOT VALID;

-- How many rows each key of the keyset has sealed, and which of them another key should seal.
CREATE INDEX renewal_key_sealed_by ON renewal_key (tink_key_id, renewal);
