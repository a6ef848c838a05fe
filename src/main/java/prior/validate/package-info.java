/** How good weights are on held-out pairs: one worker's part, and what it comes to. */
package prior.validate;
