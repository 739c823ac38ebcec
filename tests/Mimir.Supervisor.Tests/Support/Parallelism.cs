using Xunit;

// Descriptors, zombies and times are counted for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
