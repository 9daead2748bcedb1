package io.certcourier.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the person at the terminal chose, from system properties; the profile local in pom.xml hands over Maven's -D options.
 *
 * @param only one server to start alone; empty for the whole platform
 * @param folder for data, logs and the sample; emptied at each start. A server alone has its own, so that it can run beside
 *        others
 * @param own the PEM files to deliver instead of a made-up certificate
 * @param name certificate name; empty for the default
 */
record PlatformSettings(Optional<Part> only, Map<Part, Integer> ports, Path folder, Optional<OwnFiles> own,
        Optional<String> name) {

    private static final List<Part> SERVERS = List.of(Part.KAFKA, Part.POSTGRES, Part.SCM);

    /** Leaf (and perhaps its chain), key, and the chain if it is a file of its own. */
    record OwnFiles(Path certificate, Path key, Optional<Path> chain) {
    }

    /** @param only the server to start alone, as a person wrote it */
    static PlatformSettings fromSystemProperties(Optional<String> only) {
        Optional<Part> chosen = only.map(PlatformSettings::server);
        Path folder = Path.of("target", "local" + chosen.map(part -> "-" + part.option()).orElse("")).toAbsolutePath();
        return new PlatformSettings(chosen, allPorts(), folder, ownFiles(),
                text("local.name"));
    }

    /** What seals private keys at rest in this run. */
    Path keyset() {
        return folder.resolve("keyset.json");
    }

    int port(Part part) {
        return ports.get(part);
    }

    /** The ports of what will be started. */
    Map<Part, Integer> neededPorts() {
        return only.map(part -> Map.of(part, port(part))).orElse(ports);
    }

    private static Part server(String option) {
        return SERVERS.stream().filter(part -> part.option().equals(option)).findFirst().orElseThrow(
                () -> new LocalFailure("There is no local server '" + option
                        + "': choose kafka, postgres or scm; or keyset or recipient-key, which make files of keys."));
    }

    private static Map<Part, Integer> allPorts() {
        var ports = new EnumMap<Part, Integer>(Part.class);
        for (Part part : Part.values()) {
            String given = text("port." + part.option()).orElse(Integer.toString(part.usualPort()));
            if (!given.matches("[1-9][0-9]{0,4}") || Integer.parseInt(given) > 65535) {
                throw new LocalFailure("-Dport." + part.option() + "=" + given + " is no port: give a number from 1 to 65535.");
            }
            ports.put(part, Integer.parseInt(given));
        }
        return ports;
    }

    private static Optional<OwnFiles> ownFiles() {
        Optional<Path> certificate = file("cert");
        Optional<Path> key = file("key");
        if (certificate.isPresent() != key.isPresent()) {
            throw new LocalFailure(
                    "To deliver your own certificate give both -Dcert=<leaf or full chain .pem> and -Dkey=<key .pem>.");
        }
        return certificate.map(found -> new OwnFiles(found, key.orElseThrow(), file("chain")));
    }

    private static Optional<Path> file(String option) {
        Optional<Path> path = text("local." + option).map(Path::of);
        path.filter(given -> !Files.isReadable(given)).ifPresent(given -> {
            throw new LocalFailure("-D" + option + "=" + given + " cannot be read: give the path of a PEM file.");
        });
        return path;
    }

    /** A system property; the pom hands over an empty one where nothing was chosen. */
    static Optional<String> text(String property) {
        return Optional.ofNullable(System.getProperty(property)).filter(value -> !value.isBlank());
    }
}
