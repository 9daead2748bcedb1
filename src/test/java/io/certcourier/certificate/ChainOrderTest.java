package io.certcourier.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.InvalidCertificate.Reason;

class ChainOrderTest {

    private final TestCa ca = TestCa.create();
    private final TestCa otherCa = TestCa.create();
    private final X509Certificate leaf = ca.issue("www.example.com").leaf();
    private final X509Certificate issuer = ca.intermediates().get(0);

    @Test
    void any_shuffle_of_a_chain_comes_out_in_order() {
        TestCa deepCa = TestCa.createWithIntermediates(4);
        X509Certificate deepLeaf = deepCa.issue("www.example.com").leaf();
        List<X509Certificate> sent = new ArrayList<>(deepCa.intermediates());
        sent.add(deepCa.root());
        sent.add(sent.get(1));
        Random random = new Random(20261124);

        List<List<X509Certificate>> chains = IntStream.range(0, 40).mapToObj(i -> {
            Collections.shuffle(sent, random);
            return ChainOrder.of(deepLeaf, sent, Instant.now());
        }).toList();

        assertThat(chains).allSatisfy(chain -> assertThat(chain).isEqualTo(deepCa.intermediates()));
    }

    @Test
    void a_root_is_kept_if_it_is_the_leafs_only_issuer() {
        TestCa flatCa = TestCa.createWithIntermediates(0);
        X509Certificate flatLeaf = flatCa.issue("www.example.com").leaf();

        List<X509Certificate> chain = ChainOrder.of(flatLeaf, List.of(flatCa.root()), Instant.now());

        assertThat(chain).containsExactly(flatCa.root());
    }

    @Test
    void a_chain_need_not_reach_a_root() {
        TestCa deepCa = TestCa.createWithIntermediates(3);
        X509Certificate deepLeaf = deepCa.issue("www.example.com").leaf();

        List<X509Certificate> chain = ChainOrder.of(deepLeaf, deepCa.intermediates().subList(0, 2), Instant.now());

        assertThat(chain).isEqualTo(deepCa.intermediates().subList(0, 2));
    }

    @Test
    void of_two_issuers_of_one_leaf_the_first_sent_is_taken() {
        X509Certificate crossSigned = ca.issuerSignedBy(otherCa);

        List<X509Certificate> one = ChainOrder.of(leaf, List.of(issuer, crossSigned), Instant.now());
        List<X509Certificate> other = ChainOrder.of(leaf, List.of(crossSigned, issuer), Instant.now());

        assertThat(one).containsExactly(issuer);
        assertThat(other).containsExactly(crossSigned);
    }

    @Test
    void both_roots_of_a_cross_signed_issuer_may_be_there_and_are_dropped() {
        X509Certificate crossSigned = ca.issuerSignedBy(otherCa);

        List<X509Certificate> chain = ChainOrder.of(leaf, List.of(otherCa.root(), crossSigned, ca.root(), issuer),
                Instant.now());

        assertThat(chain).containsExactly(crossSigned);
    }

    @Test
    void a_cross_signed_root_leads_on_and_so_goes_before_the_root_itself() {
        X509Certificate bridge = ca.rootSignedBy(otherCa);

        List<X509Certificate> chain = ChainOrder.of(leaf, List.of(ca.root(), issuer, bridge), Instant.now());

        assertThat(chain).containsExactly(issuer, bridge);
    }

    @Test
    void an_expired_bridge_is_left_out_when_the_root_is_there() {
        X509Certificate bridge = ca.rootOnceSignedBy(otherCa);

        List<X509Certificate> chain = ChainOrder.of(leaf, List.of(bridge, ca.root(), issuer), Instant.now());

        assertThat(chain).containsExactly(issuer);
    }

    @Test
    void roots_that_signed_each_other_do_not_go_round_in_circles() {
        List<X509Certificate> sent = List.of(issuer, ca.rootSignedBy(otherCa), otherCa.rootSignedBy(ca));

        List<X509Certificate> chain = ChainOrder.of(leaf, sent, Instant.now());

        assertThat(chain).isEqualTo(sent);
    }

    @Test
    void twenty_copies_of_one_issuer_are_one() {
        List<X509Certificate> sent = Stream.generate(() -> issuer).limit(100).toList();

        List<X509Certificate> chain = ChainOrder.of(leaf, sent, Instant.now());

        assertThat(chain).containsExactly(issuer);
    }

    @Test
    void issuers_that_cannot_be_checked_in_reasonable_time_are_no_issuers() {
        IssuedCertificate entangled = HostileCertificates.entangled();

        assertTimeout(Duration.ofSeconds(1), () -> assertThatThrownBy(
                () -> ChainOrder.of(entangled.leaf(), entangled.chain(), Instant.now()))
                .isInstanceOfSatisfying(InvalidCertificate.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.CHAIN_BROKEN)));
    }

    @Test
    void the_number_of_signature_checks_is_bounded() {
        TestCa one = TestCa.createWithIntermediates(0);
        List<X509Certificate> copies = IntStream.range(0, 20).mapToObj(i -> one.rootSignedBy(one)).toList();

        assertThatThrownBy(() -> ChainOrder.of(one.issue("www.example.com").leaf(), copies, Instant.now()))
                .isInstanceOfSatisfying(InvalidCertificate.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.CHAIN_BROKEN));
    }

    @Test
    void issuers_in_a_circle_have_an_end() {
        IssuedCertificate loop = HostileCertificates.loop();

        assertThat(ChainOrder.of(loop.leaf(), loop.chain(), Instant.now())).isEqualTo(loop.chain());
    }
}
