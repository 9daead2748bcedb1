package io.certcourier.renewal;

import java.time.Instant;
import java.util.UUID;

/** Rows as the database has them, with valid defaults: a renewal that has pushed to ELB and waits to try CDN again. */
final class StoredRows {

    static final Instant ACCEPTED = Instant.parse("2026-11-24T03:15:02.412Z");
    static final Instant INFINITY = Instant.parse("+292278994-08-17T07:12:55.807Z");

    private StoredRows() {
    }

    static StoredRenewal aRenewal() {
        var row = new StoredRenewal();
        row.id = UUID.randomUUID();
        row.round = 1;
        row.account = "prod";
        row.certificateName = "shop/www.example.com";
        row.state = "PUSHING";
        row.scmName = "cr-www.example.com-73e7fe96c35545f06f13cb45";
        row.scmCertificateId = "scs1795490103217";
        row.imported = true;
        row.certificate = "{\"fingerprintSha256\":\"73e7\",\"subjectAltNames\":[\"www.example.com\"]}";
        row.labels = "{\"owner\":\"team-shop\"}";
        row.nextAt = ACCEPTED.plusSeconds(60);
        row.deadlineAt = ACCEPTED.plusSeconds(604_800);
        row.epoch = 4;
        row.channel = "kafka";
        row.source = "urn:certbot:web-3";
        row.eventId = "e1";
        row.topic = "cert-renewed";
        row.partitionNo = 3;
        row.recordOffset = 1847L;
        row.acceptedAt = ACCEPTED;
        row.startedAt = ACCEPTED.plusMillis(100);
        row.confirmedAt = ACCEPTED.plusSeconds(2);
        return row;
    }

    static StoredTarget aTarget(String service, String project, String state) {
        var row = new StoredTarget();
        row.service = service;
        row.project = project;
        row.state = state;
        row.attempts = 1;
        return row;
    }

    static StoredAttempt anAttempt(long id) {
        var row = new StoredAttempt();
        row.id = id;
        row.round = 1;
        row.operation = "import";
        row.projects = new String[0];
        row.startedAt = ACCEPTED.plusMillis(100 + id);
        return row;
    }
}
