package io.certcourier.local.scm;

/**
 * What an import brought and an export gives back. Its text never prints.
 *
 * @param chainPem issuers, joined by line breaks
 * @param encCertificate and encPrivateKey of SM2 pairs; null otherwise
 */
record ImportedPair(LeafFacts leaf, String leafPem, String chainPem, String keyPem, String encCertificate,
        String encPrivateKey) {

    @Override
    public String toString() {
        return "ImportedPair[" + leaf.fingerprint() + "]";
    }
}
