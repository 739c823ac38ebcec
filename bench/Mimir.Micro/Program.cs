using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Mimir.Micro -- --filter '*Scanner*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
