package io.certcourier.chaos;

import java.util.ArrayList;
import java.util.List;

import io.certcourier.chaos.Story.Sent;
import io.certcourier.leak.LeakPlaces;
import io.certcourier.leak.LeakSearch;

/** I8: no private key, in whatever spelling, is in a log, a topic we write, or the database. */
final class Secrets {

    private Secrets() {
    }

    static List<Violation> leaks(Stage stage, List<Sent> sent) {
        var search = new LeakSearch();
        sent.forEach(one -> search.key(one.event().certificateName(), (String) one.event().fields().get("privateKeyPem")));
        var hits = new ArrayList<>(search.inFile(Stage.FOLDER.resolve("service.log")));
        hits.addAll(LeakPlaces.topics(search, stage.flow()));
        hits.addAll(LeakPlaces.database(search, stage.flow()));
        return hits.stream().map(LeakSearch.Hit::place).distinct()
                .map(place -> Violation.wrong("I8", "a private key is in " + place)).toList();
    }
}
