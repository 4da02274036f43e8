/** An HTTP service over Leat: JSON in and out, a page to look at, metrics, health, and a graceful end. */
@org.jspecify.annotations.NullMarked
package dev.leat.examples.service;
