package io.certcourier.scm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Why no answer came. Only what is certain counts as not sent: whoever repeats an import needs to know. */
enum TransportFault {
    NOT_SENT("not-sent"),
    TLS_REFUSED("tls-refused"),
    LOST("lost"),
    DEADLINE("deadline");

    private final String kind;

    TransportFault(String kind) {
        this.kind = kind;
    }

    /** The row of scm/errors.json. */
    String kind() {
        return kind;
    }

    /** @param thrown as the HTTP client threw it, wrapped by Mutiny and JAX-RS or not */
    static TransportFault of(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof IOException) && !(cause instanceof TimeoutException)) {
            cause = cause.getCause();
        }
        if (cause instanceof UnknownHostException || cause instanceof ConnectException
                || cause instanceof NoRouteToHostException) {
            return NOT_SENT;
        }
        if (cause instanceof SSLException) {
            return ofTls((SSLException) cause);
        }
        return cause instanceof TimeoutException ? DEADLINE : LOST;
    }

    /** A handshake that broke off is the network's fault; a certificate or protocol that was refused, the configuration's. */
    private static TransportFault ofTls(SSLException fault) {
        TransportFault found = LOST;
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            String name = cause.getClass().getSimpleName(); // Netty's own classes are not public
            if (cause instanceof CertificateException || name.equals("NotSslRecordException")) {
                return TLS_REFUSED;
            }
            if (cause instanceof ClosedChannelException || name.equals("SslHandshakeTimeoutException")
                    || name.equals("StacklessSSLHandshakeException")) {
                return NOT_SENT;
            }
            found = cause instanceof SSLHandshakeException ? TLS_REFUSED : found;
        }
        return found;
    }
}
