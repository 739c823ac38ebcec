using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.EmbedBench;

// What a call into a tool that does nothing costs, beside the SDK's own server; and what a 60 Hz loop notices of 64 clients.
var isQuick = args.Contains("--quick");
if (args.Length > (isQuick ? 1 : 0))
{
    Console.Error.WriteLine("usage: ./build.sh bench embed [--quick]");
    return 64;
}

Console.Error.WriteLine(isQuick ? "half a minute" : "two minutes");
var calls = await new CallCost().RunAsync(rounds: isQuick ? 21 : 101, perRound: 1_000);
var frames = await new FrameCost().RunAsync(clients: 64, calls: isQuick ? 5_000 : 50_000);
var text = string.Create(CultureInfo.InvariantCulture, $"""
    # Bench of the embedded host

    Written by `./build.sh bench embed`. Machine: {Environment.ProcessorCount} cores, .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}.
    Client, server and loop share the cores; ratios within one run count, figures of different runs are not to be compared.

    {calls}
    {frames}
    """);
Console.WriteLine(text);
var file = isQuick ? Path.Combine(Directory.CreateDirectory(Path.Combine("artifacts", "bench")).FullName, "EMBED.md") : Path.Combine("bench", "EMBED.md");
await File.WriteAllTextAsync(file, text.TrimEnd() + "\n");
Console.Error.WriteLine($"written to {file}");
return 0;
