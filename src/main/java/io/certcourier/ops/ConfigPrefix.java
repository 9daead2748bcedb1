package io.certcourier.ops;

import io.smallrye.config.ConfigMapping;

/** Has no key of its own: with it, a key under the prefix that no other mapping has is unknown, and stops the boot. */
@ConfigMapping(prefix = "certcourier")
public interface ConfigPrefix {
}
