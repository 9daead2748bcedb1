/** certcourier: takes a renewed certificate from Kafka and delivers it through Huawei Cloud SCM. */
package io.certcourier;
