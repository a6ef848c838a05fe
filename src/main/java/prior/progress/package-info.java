/** How far a job is, as one line on a terminal; plain Java. */
package prior.progress;
