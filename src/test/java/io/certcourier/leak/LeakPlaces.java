package io.certcourier.leak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

import io.certcourier.flow.Flow;
import io.certcourier.leak.LeakSearch.Hit;

/** The places of a running platform that hold what the service said or stored. */
public final class LeakPlaces {

    private LeakPlaces() {
    }

    /** Key, headers and value of every record of the three outgoing topics. */
    public static List<Hit> topics(LeakSearch search, Flow flow) {
        var hits = new ArrayList<Hit>();
        for (var message : flow.topics().all()) {
            String place = "topic " + message.topic();
            hits.addAll(search.in(place, message.key() + "\n" + String.join("\n", message.headers().values())));
            hits.addAll(search.in(place, message.value() == null ? new byte[0] : message.value()));
        }
        return hits;
    }

    /** Every row of every table, as text. */
    public static List<Hit> database(LeakSearch search, Flow flow) {
        var hits = new ArrayList<Hit>();
        for (var table : flow.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            var rows = new StringBuilder();
            flow.query("SELECT t::text AS row FROM \"" + table.get("tablename") + "\" t")
                    .forEach(row -> rows.append(row.get("row")).append('\n'));
            hits.addAll(search.in("table " + table.get("tablename"), rows.toString().getBytes(UTF_8)));
        }
        return hits;
    }
}
