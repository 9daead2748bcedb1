package io.certcourier.certmanager;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jboss.logging.Logger;

/** Tells each trouble once when it comes, and once when it is over, however often it is met meanwhile. */
final class Troubles {

    private static final Logger LOG = Logger.getLogger(Troubles.class);

    private final Map<String, String> told = new ConcurrentHashMap<>();

    /**
     * @param what cannot be done, as {@link #over} names it
     * @param sentence why not, and the remedy
     */
    void met(String what, String sentence) {
        if (!sentence.equals(told.put(what, sentence))) {
            LOG.warnf("cert-manager's Secrets: %s; tried again until it works", sentence);
        }
    }

    /** As {@link #met} if nothing is told of it yet. */
    void metUnlessTold(String what, String sentence) {
        if (!told.containsKey(what)) {
            met(what, sentence);
        }
    }

    /** What is not over yet, by what cannot be done. */
    Map<String, String> told() {
        return Map.copyOf(told);
    }

    void over(String what) {
        if (told.remove(what) != null) {
            LOG.infof("cert-manager's Secrets: %s works again", what);
        }
    }
}
