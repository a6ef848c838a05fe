/** Whether a machine can run the jobs, and what to do where it cannot. */
package prior.doctor;
