package io.certcourier.local;

import java.nio.file.Path;

/** What to look at and try next, once everything is up. */
final class Signposts {

    private final Terminal terminal;
    private final PlatformSettings settings;

    Signposts(Terminal terminal, PlatformSettings settings) {
        this.terminal = terminal;
        this.settings = settings;
    }

    void print(SampleRenewal sample) {
        String api = "http://localhost:" + settings.port(Part.HTTP);
        String management = "http://localhost:" + settings.port(Part.MANAGEMENT);
        terminal.title("Look around");
        terminal.fact("renewal", api + "/v1/renewals/" + sample.renewalId());
        terminal.fact("renewals", api + "/v1/renewals");
        terminal.fact("health", management + "/q/health");
        terminal.fact("metrics", management + "/q/metrics");
        terminal.fact("scm ledger", "http://localhost:" + settings.port(Part.SCM) + "/_emulator/ledger   every call SCM got");
        terminal.fact("database", "psql -h localhost -p " + settings.port(Part.POSTGRES) + " -U postgres postgres");
        terminal.fact("logs", "target/local/service.log, kafka/broker.log, postgres/postgres.log");
        terminal.title("Send an event of your own (jq and kcat; replace the two files by yours)");
        terminal.line(command(sample.name()));
        terminal.line("");
        terminal.line(
                "  or start again with them: mvn -Plocal -Dcert=fullchain.pem -Dkey=privkey.pem [-Dchain=chain.pem] [-DcertificateName=shop/www.example.com]");
        terminal.line("");
    }

    /**
     * One paste: jq reads the PEM files, so that no key stands in an argument; kcat sends one line as one binary-mode event.
     */
    private String command(String name) {
        Path files = Path.of("target", "local", "sample");
        return """
                  jq -cn --arg name '%1$s' --rawfile cert %2$s/fullchain.pem --rawfile key %2$s/privkey.pem \\
                    '{certificateName:$name, certificatePem:$cert, privateKeyPem:$key,
                      targets:[{service:"CDN"}, {service:"ELB",project:"cn-north-4"}]}' |
                  kcat -P -b localhost:%3$d -t cert-renewed -k '%1$s' -H content-type=application/json \\
                    -H ce_specversion=1.0 -H ce_type=io.certcourier.certificate.renewed.v1 \\
                    -H ce_source=urn:example:me -H ce_id="$(date +%%s)"
                """.formatted(name, files, settings.port(Part.KAFKA)).stripTrailing();
    }
}
