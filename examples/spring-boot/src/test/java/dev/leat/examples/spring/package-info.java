@org.jspecify.annotations.NullMarked
package dev.leat.examples.spring;
