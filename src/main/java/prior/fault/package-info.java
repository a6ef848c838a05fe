/** The two failure families, their exit codes and the last line a job prints. */
package prior.fault;
