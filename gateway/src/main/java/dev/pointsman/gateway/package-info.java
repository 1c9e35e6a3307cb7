/**
 * HTTP in: takes what OpenAI, Anthropic and Gemini clients send, routes it, and hands the answer
 * back as it comes. It must not know of any store or command line.
 */
@NullMarked
package dev.pointsman.gateway;

import org.jspecify.annotations.NullMarked;
