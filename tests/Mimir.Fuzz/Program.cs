using System.Globalization;
using Mimir.Fuzz;

// mimir-fuzz TARGET|all [--seconds N] [--seed N] [--corpus DIR] [--replay FILE]
// Ends with 0 when nothing was found, 1 when something was, 2 when it was called wrongly, 3 when an input hung.
var options = FuzzOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine("usage: TARGET|all [--seconds N] [--seed N] [--corpus DIR] [--replay FILE]");
    Console.Error.WriteLine($"targets: {string.Join(' ', FuzzTargets.All.Select(t => t.Name))}");
    return 2;
}

var found = 0;
foreach (var target in options.Targets)
{
    var corpus = new Corpus(options.CorpusRoot, target.Name);
    if (options.Replay is { } file)
    {
        target.Check(File.ReadAllBytes(file));
        Console.WriteLine($"{target.Name}: {file} passes");
        continue;
    }

    var lastPath = Path.Combine(Path.GetTempPath(), $"mimir-fuzz-{target.Name}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}.last");
    Console.WriteLine($"{target.Name}: seed {options.Seed}, {corpus.Inputs.Count} inputs of the corpus, {options.Seconds} s; the running input is in {lastPath}");
    using var last = new LastInput(lastPath, onHang: () =>
    {
        Console.Error.WriteLine($"{target.Name}: an input hangs: {corpus.Save("hang", LastInput.Recover(lastPath))}");
        Environment.Exit(3);
    });
    var runner = new FuzzRunner(target, corpus.Inputs.Select(i => i.Value), options.Seed) { BeforeInput = last.Set };
    var report = runner.Run(TimeSpan.FromSeconds(options.Seconds));
    Console.WriteLine(report);
    foreach (var finding in report.Findings)
    {
        found++;
        Console.WriteLine($"  {corpus.Save("crash", finding.Input)}");
        Console.WriteLine($"  {finding.Error.ToString().ReplaceLineEndings("\n    ")}");
    }
}

return found == 0 ? 0 : 1;
