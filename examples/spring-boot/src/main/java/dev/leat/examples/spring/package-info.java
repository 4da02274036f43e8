/** Leat in a Spring Boot application. */
@org.jspecify.annotations.NullMarked
package dev.leat.examples.spring;
