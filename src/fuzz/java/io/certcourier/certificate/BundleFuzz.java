package io.certcourier.certificate;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@link BundleFuzzTest}, guided by coverage. */
class BundleFuzz {

    @FuzzTest(maxDuration = "10m")
    void judge(byte[] input) {
        BundleFuzzTest.judge(input);
    }
}
