package io.certcourier.scm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** Where SCM is and who we are there. Holds credentials: never log it. */
@ConfigMapping(prefix = "certcourier.scm")
public interface ScmConfig {

    /** How certificates are pushed. */
    enum PushMode {
        /** Batch-push where it works, which tells the id of the copy: ELB and WAF. */
        AUTO,
        /** One push call per target. */
        SINGLE
    }

    /** What SCM's list means by offset. */
    enum OffsetMode {
        /** Ask SCM once per account. */
        AUTO,
        /** The index of the first row. */
        INDEX,
        /** The number of the page. */
        PAGE
    }

    /** Longest time a call may take, connecting included; then its outcome is unknown. Longer: a silent SCM binds workers. */
    @WithDefault("15s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 5)
    Duration callDeadline();

    /** auto: batch-push for ELB and WAF, push for CDN; single: push for all, one call per target and no id of the copy. */
    @WithDefault("auto")
    PushMode push();

    /** How long a list call waits for further imports that it can confirm too. Longer: fewer list calls, later pushes. */
    @WithDefault("300ms")
    @DurationMax(minutes = 1)
    Duration lookWindow();

    /** Most pages of 50 certificates read to find one; each costs a list call. */
    @WithDefault("3")
    @Min(1)
    @Max(20)
    int lookPages();

    /** Whether offset is an index or a page; auto finds out with one list call per account. */
    @WithDefault("auto")
    OffsetMode offset();

    /** How often the files of credentials are looked at. Longer: new keys are used later. */
    @WithDefault("5s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 1)
    Duration credentialsPoll();

    /** Accounts by the name that events and routes use: 1 to 63 of a-z, 0-9 and hyphen, not beginning with a hyphen. */
    Map<String, Account> accounts();

    /** One account of Huawei Cloud. */
    interface Account {

        /**
         * {@code https://scm.<region>.myhuaweicloud.com}, without path; any region's endpoint serves all regions of its site.
         */
        URI endpoint();

        /** Access key of the IAM user or agency; this and secret-key, or credentials-file. */
        Optional<String> accessKey();

        /** Secret key that belongs to access-key. */
        Optional<String> secretKey();

        /** Security token that belongs to temporary keys; requests fail once it has run out. */
        Optional<String> securityToken();

        /**
         * JSON file with `access`, `secret` and perhaps `securitytoken`, `expires_at`, as IAM answers them; instead of
         * access-key, secret-key and security-token. Read again every credentials-poll, so new keys need no restart.
         */
        Optional<Path> credentialsFile();

        /** Account id, sent as X-Domain-Id; must belong to the access key. */
        Optional<String> domainId();

        /** Project id, sent as X-Project-Id; must belong to the access key. */
        Optional<String> projectId();

        /** Enterprise project that imported certificates belong to; without it the default one. */
        Optional<String> enterpriseProjectId();

        /** Where this account may push to: {@code CDN,ELB@cn-north-4,WAF@cn-north-4}. Events naming others are refused. */
        List<String> targets();

        /** Calls per minute of each operation. */
        Budget budget();

        /** true: allow an http endpoint that is not on this machine, an emulator's; private keys then travel in clear. */
        @WithDefault("false")
        boolean plainHttp();
    }

    /** Calls per minute, shared by all replicas. Fixed keys and no map, so that each has one environment variable. */
    interface Budget {

        /** Imports per minute of all replicas together; falls by itself on 429. */
        @WithName("import")
        @WithDefault("600")
        @Min(2)
        int importing();

        /** List calls per minute of all replicas together; one serves every renewal that waits for it. */
        @WithDefault("600")
        @Min(2)
        int list();

        /** Show calls per minute of all replicas together; made only where the list leaves a question. */
        @WithDefault("600")
        @Min(2)
        int show();

        /** Push calls per minute of all replicas together: one per renewal with CDN, one per target with push=single. */
        @WithDefault("600")
        @Min(2)
        int push();

        /**
         * Batch-push calls per minute of all replicas together: one per renewal for ELB, one for WAF, up to ten projects each.
         */
        @WithDefault("600")
        @Min(2)
        int batchPush();
    }
}
