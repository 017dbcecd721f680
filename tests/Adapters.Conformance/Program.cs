// The tests start this assembly as a program to have a second process that holds a lock.
return await Strata.Adapters.Conformance.Engines.LockProbe.HoldAsync(args);
