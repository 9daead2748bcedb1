package io.certcourier.local;

/** Something the person at the terminal can put right: the message is a sentence for them and says what to do. */
final class LocalFailure extends RuntimeException {

    LocalFailure(String message) {
        super(message);
    }
}
