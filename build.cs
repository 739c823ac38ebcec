#:property PublishAot=false
#:property AssemblyName=mimir-build

// The work behind ./build.sh. One file, no package: it must run on a machine that has nothing but the SDK.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml.Linq;

string root = Environment.CurrentDirectory;
string[] rest = args.Length > 1 ? args[1..] : [];

return args.FirstOrDefault() switch
{
    null or "build" => Tool.Run("dotnet", ["build", "Mimir.slnx", "-c", "Release", "-nologo", "-clp:NoSummary", .. rest]),
    "test" => await new TestCommand(root).RunAsync(rest),
    "conformance" => await new TestCommand(root).RunAsync(["--filter", "Mimir.Conformance", .. rest]),
    "check" => Check(),
    "bench" when rest is ["embed", .. var more] => Tool.Run("dotnet", ["run", "-c", "Release", "--project", "bench/Mimir.EmbedBench", "--", .. more]),
    "bench" => Tool.Run("dotnet", ["run", "-c", "Release", "--project", "bench/Mimir.Bench", "--", .. rest]),
    "faults" => Faults(),
    "fuzz" => Tool.Run("dotnet", ["run", "-c", "Release", "--project", "tests/Mimir.Fuzz", "--", .. rest.DefaultIfEmpty("all")]),
    "pack" => Pack(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: ./build.sh COMMAND

          build                      the whole solution, Release
          test [--filter PROJECT]    everything; installs what the machine lacks; ends with `N passed, N failed, N skipped`
               [-- RUNNER ARGUMENTS] for xunit's own runner, say: -- -class Mimir.Router.Tests.CatalogTests
          conformance                the conformance suites of the specification alone
          check                      formatting, and the rules of the house (arrows, sizes, banned calls, paths, licences)
          bench [ARGUMENTS]          the load bench; writes bench/RESULTS.md
          bench embed [--quick]      the embedded host beside the SDK's own server; writes bench/EMBED.md
          faults [CELL ...]          the whole fault matrix, or the cells named (X06/sse); writes docs/operations/faults.md; --help has more
          fuzz [TARGET] [--seconds N] parsers against random and mutated bytes
          pack                       artifacts/mimir-VERSION-RID.tar.gz, and the embedded host for NuGet and for Unity in artifacts/pack
        """);
    return 64;
}

static int Check()
{
    // Whitespace only, and by folder: it needs no compilation. The rest of the style is a build error already.
    int format = Tool.Run("dotnet", ["format", "whitespace", ".", "--folder", "--verify-no-changes", "--exclude", "artifacts", "tests/interop/node_modules"]);
    int house = Tool.Run("dotnet", ["run", "-c", "Release", "--project", "tests/Mimir.Architecture", "--", "-noLogo", "-noColor"]);
    return format != 0 ? format : house;
}

int Faults()
{
    // The program under test, and not a compiler, is what is to be measured.
    int code = Tool.Run("./mimir", ["--version"], quiet: true);
    return code != 0 ? code : Tool.Run("dotnet", ["run", "-c", "Release", "--project", "tests/Mimir.Faults", "--", "bench", .. rest]);
}

int Pack()
{
    int code = Tool.Run("./mimir", ["--version"]);
    if (code != 0)
    {
        return code;
    }

    string version = XDocument.Load(Path.Combine(root, "Directory.Build.props")).Descendants("Version").Single().Value;
    string archive = $"artifacts/mimir-{version}-{RuntimeInformation.RuntimeIdentifier}.tar.gz";
    code = Tool.Run("tar", ["-czf", archive, "--exclude=./dotnet-root", $"--transform=s,^\\.,mimir-{version},", "-C", "artifacts/mimir/", ".", "-C", root, "./LICENSE", "./README.md"]);
    Console.WriteLine(archive);
    return code != 0 ? code : PackEmbed();
}

/// <summary>The library as a package of NuGet, and as one of Unity with all that it needs.</summary>
int PackEmbed()
{
    const string Unity = "artifacts/pack/com.mimir.embed";
    int code = Tool.Run("dotnet", ["pack", "src/Mimir.Embed", "-c", "Release", "-o", "artifacts/pack", "--nologo", "-v", "quiet"]);
    if (code != 0)
    {
        return code;
    }

    string target = Path.Combine(root, Unity);
    if (Directory.Exists(target))
    {
        Directory.Delete(target, recursive: true);
    }

    foreach (string file in Directory.GetFiles(Path.Combine(root, "unity/com.mimir.embed"), "*", SearchOption.AllDirectories))
    {
        string copy = Path.Combine(target, Path.GetRelativePath(Path.Combine(root, "unity/com.mimir.embed"), file));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy);
    }

    code = Tool.Run("dotnet", ["publish", "src/Mimir.Embed", "-c", "Release", "-f", "netstandard2.1", "-o", Unity + "/Plugins", "--nologo", "-v", "quiet"]);
    foreach (string extra in Directory.GetFiles(Path.Combine(target, "Plugins")).Where(f => !f.EndsWith(".dll", StringComparison.Ordinal)))
    {
        File.Delete(extra);
    }

    File.Copy(Path.Combine(root, "LICENSE"), Path.Combine(target, "LICENSE.md"));
    foreach (string made in Directory.GetFiles(Path.Combine(root, "artifacts/pack"), "*.nupkg"))
    {
        Console.WriteLine(Path.GetRelativePath(root, made));
    }

    Console.WriteLine(Unity);
    return code;
}

/// <summary>Runs every test project, one after the other, and adds up what they say.</summary>
internal sealed class TestCommand(string root)
{
    /// <summary>What the tests call by name, or load (a library, by its file's name), the Debian package that brings it, and what for.</summary>
    private static readonly (string Name, string Package, string Why)[] Needs =
    [
        ("node", "nodejs", "the MCP clients and servers written by others, which the tests connect, run on it"),
        ("npm", "npm", "it installs those clients and servers"),
        ("ps", "procps", "tests ask it which processes are left after a crash"),
        ("git", "git", "tests ask it which files belong to the repository"),
        ("strace", "strace", "tests fail system calls of a save with it"),
        ("faketime", "faketime", "tests move the clock of the router with it"),
        ("Xvfb", "xvfb", "the sample with a window is tested on a screen of it"),
        ("libSDL2-2.0.so.0", "libsdl2-2.0-0", "the sample with a window opens that with it"),
    ];

    /// <summary>A project that takes longer is stopped and counted as failed; the long suites have a limit of their own.</summary>
    private static readonly Dictionary<string, TimeSpan> Deadlines = new(StringComparer.Ordinal)
    {
        ["Mimir.Conformance"] = TimeSpan.FromMinutes(15),
        ["Mimir.Interop"] = TimeSpan.FromMinutes(20),
        ["Mimir.Functional"] = TimeSpan.FromMinutes(30),
        ["Mimir.Faults"] = TimeSpan.FromMinutes(20),
    };

    /// <summary>Suites that wait more than they compute run beside one another, those of a lane one after the other, when all others are done.</summary>
    private static readonly string[][] Lanes = [["Mimir.Functional"], ["Mimir.Interop", "Mimir.Conformance"]];

    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(8);

    public async Task<int> RunAsync(string[] arguments)
    {
        int separator = Array.IndexOf(arguments, "--");
        string[] options = separator < 0 ? arguments : arguments[..separator];
        string[] forRunner = separator < 0 ? [] : arguments[(separator + 1)..];
        string? filter = options is ["--filter", var wanted] ? wanted : null;
        if (filter is null && options.Length > 0)
        {
            Console.Error.WriteLine($"build.sh test: cannot read '{string.Join(' ', options)}'; it takes --filter PROJECT, and what the runner shall get after --.");
            return 64;
        }

        long begun = Stopwatch.GetTimestamp();
        string[] projects = [.. Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Where(file => File.ReadAllText(file).Contains("<IsTestProject>true", StringComparison.Ordinal))
            .Where(file => filter is null || Path.GetFileNameWithoutExtension(file).Contains(filter, StringComparison.OrdinalIgnoreCase))
            .OrderBy(file => Deadlines.ContainsKey(Path.GetFileNameWithoutExtension(file)))
            .ThenBy(file => file, StringComparer.Ordinal)];
        var lanes = Lanes.Select(lane => projects.Where(file => lane.Contains(Path.GetFileNameWithoutExtension(file))).ToArray()).ToArray();

        var total = default(Tally);
        if (!InstallNeeds() || !InstallPeers() || !Build(projects, filter is not null))
        {
            total = new Tally(0, 1, 0);
        }
        else
        {
            total += WarmLauncher();
            total += await RunAsync(projects.Except(lanes.SelectMany(lane => lane)), forRunner);
            foreach (var tally in await Task.WhenAll(lanes.Select(lane => RunAsync(lane, forRunner))))
            {
                total += tally;
            }
        }

        Console.WriteLine($"{projects.Length} test projects in {Stopwatch.GetElapsedTime(begun).TotalMinutes:0.0} min; logs in artifacts/tests");
        Console.WriteLine(total);
        return total.Failed == 0 && total.Passed > 0 ? 0 : 1;
    }

    private async Task<Tally> RunAsync(IEnumerable<string> projects, string[] forRunner)
    {
        var total = default(Tally);
        foreach (string project in projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            var run = new TestProjectRun(project, Path.Combine(root, "artifacts", "tests"), Deadlines.GetValueOrDefault(name, DefaultDeadline));
            total += await run.RunAsync(forRunner);
        }

        return total;
    }

    private static bool IsThere(string need) => need.Contains(".so", StringComparison.Ordinal) ? NativeLibrary.TryLoad(need, out _) : Tool.IsOnPath(need);

    private static bool InstallNeeds()
    {
        var missing = Needs.Where(need => !IsThere(need.Name)).ToArray();
        if (missing.Length == 0)
        {
            return true;
        }

        foreach (var need in missing)
        {
            Console.WriteLine($"missing: {need.Name} ({need.Why})");
        }

        string[] install = ["apt-get", "install", "-y", "--no-install-recommends", .. missing.Select(need => need.Package)];
        string byHand = $"sudo apt-get update && sudo {string.Join(' ', install)}";
        string[] asRoot = Environment.UserName == "root" ? ["env"] : ["sudo", "-n"];
        if (!Tool.IsOnPath("apt-get") || !Tool.IsOnPath(asRoot[0]) || Tool.Run(asRoot[0], [.. asRoot[1..], "true"], quiet: true) != 0)
        {
            Console.WriteLine($"cannot install it from here; on Debian and its kin this does: {byHand}");
            return false;
        }

        Console.WriteLine($"installing: {byHand}");
        string[] noQuestions = [.. asRoot[1..], "env", "DEBIAN_FRONTEND=noninteractive"];
        bool installed = Tool.Run(asRoot[0], [.. noQuestions, "apt-get", "update", "-qq"]) == 0
            && Tool.Run(asRoot[0], [.. noQuestions, install[0], "-qq", .. install[1..]]) == 0;
        if (!installed)
        {
            Console.WriteLine($"the installation failed; try it by hand: {byHand}");
        }

        return installed;
    }

    private bool InstallPeers()
    {
        string script = Path.Combine(root, "tests", "interop", "install.sh");
        if (!File.Exists(script))
        {
            Console.WriteLine("tests/interop/install.sh is not there: tests that need peers written by others will fail");
            return true;
        }

        Console.WriteLine("installing the peers of tests/interop");
        return Tool.Run("bash", [script]) == 0;
    }

    private bool Build(string[] projects, bool few)
    {
        string[] targets = few ? [.. projects.Select(project => Path.GetRelativePath(root, project))] : ["Mimir.slnx"];
        foreach (string target in targets)
        {
            Console.WriteLine($"building {target}");
            if (Tool.Run("dotnet", ["build", target, "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary", "-nodeReuse:false", "-p:UseSharedCompilation=false"]) != 0)
            {
                Console.WriteLine($"FAILED: {target} does not build");
                return false;
            }
        }

        return true;
    }

    /// <summary>Tests that start ./mimir shall measure Mimir and not a compiler.</summary>
    private static Tally WarmLauncher()
    {
        Console.WriteLine("building what ./mimir starts");
        if (Tool.Run("./mimir", ["--version"], quiet: true) == 0)
        {
            return default;
        }

        Console.WriteLine("FAILED: ./mimir --version");
        return new Tally(0, 1, 0);
    }
}

/// <summary>One test executable in a session of its own, read through xunit's JSON reporter while it runs.</summary>
internal sealed class TestProjectRun(string project, string logs, TimeSpan deadline)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(8);

    private readonly string _name = Path.GetFileNameWithoutExtension(project);
    private readonly Dictionary<string, string> _running = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Tally _tally;

    public async Task<Tally> RunAsync(string[] forRunner)
    {
        long begun = Stopwatch.GetTimestamp();
        string executable = Path.Combine(Path.GetDirectoryName(project)!, "bin", "Release", "net10.0", _name);
        if (!File.Exists(executable))
        {
            return Fail($"{Path.GetRelativePath(Environment.CurrentDirectory, executable)} was not built; is the project in Mimir.slnx?");
        }

        Directory.CreateDirectory(logs);
        await using var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(logs, _name + ".log")));
        using var session = Session.Start(executable, ["-reporter", "json", "-noColor", "-noLogo", "-noAutoReporters", .. forRunner]);
        Task reading = Task.WhenAll(PumpAsync(session.Process.StandardOutput, log), PumpAsync(session.Process.StandardError, log));
        using var beat = new Timer(_ => ReportProgress(begun), null, Heartbeat, Heartbeat);
        using var limit = new CancellationTokenSource(deadline);
        try
        {
            await session.Process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            session.Kill();
            await session.Process.WaitForExitAsync(CancellationToken.None);
            Fail($"stopped after {deadline.TotalMinutes:0} minutes; running then: {Running()}");
        }

        // A test's children may need a moment to notice that it is over; one that stays is a fault of the code or of the test.
        string left = await session.WaitUntilEmptyAsync(DrainTime);
        session.Kill();
        await Task.WhenAny(reading, Task.Delay(DrainTime, CancellationToken.None));
        lock (_gate)
        {
            if (left.Length > 0)
            {
                Fail($"left processes behind: {left}");
            }

            if (session.Process.ExitCode != 0 && _tally.Failed == 0)
            {
                Fail($"ended with exit code {session.Process.ExitCode} and no failed test; running then: {Running()}; see artifacts/tests/{_name}.log");
            }

            if (_tally.Passed + _tally.Failed == 0 && forRunner.Length == 0)
            {
                Fail("ran no test");
            }

            Console.WriteLine($"{_name,-36} {_tally} ({Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s)");
            return _tally;
        }
    }

    private Tally Fail(string what)
    {
        Console.WriteLine($"FAILED: {_name}: {what}");
        lock (_gate)
        {
            return _tally += new Tally(0, 1, 0);
        }
    }

    private string Running() => _running.Count == 0 ? "none" : string.Join(", ", _running.Values);

    private void ReportProgress(long begun)
    {
        lock (_gate)
        {
            Console.WriteLine($"  {_name}: {_tally} after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; running: {Running()}");
        }
    }

    private async Task PumpAsync(StreamReader reader, TextWriter log)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            // What a test itself prints may stand before a message on the same line.
            int start = line.IndexOf("{\"$type\":\"", StringComparison.Ordinal);
            if (start != 0)
            {
                await log.WriteLineAsync(start < 0 ? line : line[..start]);
            }

            if (start >= 0)
            {
                lock (_gate)
                {
                    Take(line[start..], log);
                }
            }
        }
    }

    private void Take(string message, TextWriter log)
    {
        using var json = JsonDocument.Parse(message);
        JsonElement body = json.RootElement;
        string type = body.GetProperty("$type").GetString()!;
        string test = body.TryGetProperty("TestUniqueID", out JsonElement id) ? id.GetString()! : "";
        switch (type)
        {
            case "test-starting":
                _running[test] = body.GetProperty("TestDisplayName").GetString()!;
                break;
            case "test-passed":
                _tally += new Tally(1, 0, 0);
                break;
            case "test-skipped":
                _tally += new Tally(0, 0, 1);
                log.WriteLine($"skipped: {_running.GetValueOrDefault(test)}: {body.GetProperty("Reason").GetString()}");
                break;
            case "test-finished":
                _running.Remove(test);
                break;
            case "test-failed" or "error-message":
            case var cleanup when cleanup.EndsWith("-cleanup-failure", StringComparison.Ordinal):
                _tally += new Tally(0, 1, 0);
                string what = $"FAILED: {_name}: {_running.GetValueOrDefault(test, type)}{Environment.NewLine}{Describe(body)}";
                log.WriteLine(what);
                Console.WriteLine(what);
                break;
        }
    }

    private static string Describe(JsonElement body)
    {
        var lines = body.GetProperty("Messages").EnumerateArray().Concat(body.GetProperty("StackTraces").EnumerateArray())
            .SelectMany(text => (text.GetString() ?? "").Split('\n'))
            .Where(line => line.Length > 0 && !line.Contains("   at Xunit.", StringComparison.Ordinal) && !line.Contains("   at System.", StringComparison.Ordinal));
        return string.Join(Environment.NewLine, lines.Take(60).Select(line => "    " + line.TrimEnd()));
    }
}

/// <summary>A process in a session of its own, so that everything it leaves behind can be found and ended.</summary>
internal sealed class Session : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;

    private Session(Process process)
    {
        Process = process;
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ =>
        {
            Kill();
            Environment.Exit(130);
        }))];
    }

    public Process Process { get; }

    public static Session Start(string executable, string[] arguments)
    {
        var start = new ProcessStartInfo("setsid", [executable, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        var session = new Session(Process.Start(start)!);
        session.Process.StandardInput.Close();
        return session;
    }

    /// <summary>Waits until only the dead are left.</summary>
    /// <returns>Who is still there when the time is over, for a reader; empty when nobody is.</returns>
    public async Task<string> WaitUntilEmptyAsync(TimeSpan patience)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var members = Members().Select(member => $"{member.Name} ({member.Id})").ToArray();
            if (members.Length == 0 || Stopwatch.GetElapsedTime(begun) > patience)
            {
                return string.Join(", ", members);
            }

            await Task.Delay(50);
        }
    }

    public void Kill()
    {
        foreach (var member in Members())
        {
            _ = kill(member.Id, 9);
        }
    }

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        Process.Dispose();
    }

    private IEnumerable<(int Id, string Name)> Members()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                continue;
            }

            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            // pid (name, which may hold anything) state ppid pgrp session ...
            int close = stat.LastIndexOf(')');
            string[] fields = stat[(close + 2)..].Split(' ');
            if (fields[3] == Process.Id.ToString(CultureInfo.InvariantCulture) && fields[0] is not ("Z" or "X"))
            {
                yield return (id, stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..close]);
            }
        }
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}

/// <summary>What came of tests; prints as the line that ends a run.</summary>
internal readonly record struct Tally(int Passed, int Failed, int Skipped)
{
    public static Tally operator +(Tally left, Tally right) => new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}

/// <summary>Other programs.</summary>
internal static class Tool
{
    public static bool IsOnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, command)));

    public static int Run(string program, string[] arguments, bool quiet = false)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = quiet })!;
        if (quiet)
        {
            process.StandardOutput.ReadToEnd();
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
