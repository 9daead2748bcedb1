package io.certcourier.renewal;

/** Why a renewal is HELD, which settles who releases it. */
enum Hold {
    /** The account's breaker is open; closing it releases. */
    ACCOUNT,
    /** A right for one target service is missing; tried again every half hour. */
    PERMISSION,
    /** A person asked for it, and releases it. */
    OPERATOR,
    /** The cloud's answers do not tell what is true; a person decides. */
    UNCLEAR,
    /** The keyset lacks the key that sealed its private key; it goes on when the keyset has it again. */
    KEYSET
}
