using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Mimir.Load;

/// <summary>One load from the command line.</summary>
internal static class Program
{
    private const string Usage =
        """
        usage: mimir-load http PORT PATH [options]
               mimir-load stdio [options] -- COMMAND ...
        options: --tool NAME (echo)  --in-flight N (1)  --size BYTES (100)  --warm-up SECONDS (1)  --seconds SECONDS (3)
                 --era legacy|modern (legacy)  --pid PID (measure its processor time; stdio: the child's)
        """;

    private static int Main(string[] arguments)
    {
        var plan = new LoadPlan { Tool = "echo", Duration = TimeSpan.FromSeconds(3) };
        var era = ClientEra.Legacy;
        var plain = new List<string>();
        var command = Array.IndexOf(arguments, "--") is >= 0 and var at ? arguments[(at + 1)..] : [];
        var own = arguments[..(arguments.Length - (command.Length == 0 ? 0 : command.Length + 1))];
        try
        {
            for (var i = 0; i < own.Length; i++)
            {
                if (!own[i].StartsWith("--", StringComparison.Ordinal))
                {
                    plain.Add(own[i]);
                    continue;
                }

                var value = own[i + 1];
                plan = own[i++] switch
                {
                    "--tool" => plan with { Tool = value },
                    "--in-flight" => plan with { InFlight = Number(value) },
                    "--size" => plan with { TextLength = Number(value) },
                    "--warm-up" => plan with { WarmUp = Seconds(value) },
                    "--seconds" => plan with { Duration = Seconds(value) },
                    "--pid" => plan with { RouterProcess = Number(value) },
                    "--era" => plan,
                    _ => throw new FormatException($"Unknown option {own[i - 1]}."),
                };
                era = own[i - 1] == "--era" && value == "modern" ? ClientEra.Modern : era;
            }

            return Run(plan, era, plain, command);
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(Usage);
            return 2;
        }
        catch (Exception e) when (e is IOException or TimeoutException or Win32Exception)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static int Run(LoadPlan plan, ClientEra era, List<string> plain, string[] command)
    {
        var timeout = TimeSpan.FromSeconds(20);
        switch (plain)
        {
            case ["http", var port, var path]:
                using (var peer = HttpPeer.Open(Number(port), path, era, timeout))
                {
                    return Show(peer.Run(plan, CancellationToken.None));
                }

            case ["stdio"] when command.Length > 0:
                var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
                using (var process = Process.Start(start)!)
                using (var peer = StdioPeer.Open(process, era, timeout))
                {
                    return Show(peer.Run(plan with { RouterProcess = plan.RouterProcess ?? process.Id }, CancellationToken.None));
                }

            default:
                throw new FormatException("Which peer?");
        }
    }

    private static int Show(LoadResult result)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Calls} calls, {result.Rate:F0}/s, p50 {result.P50:F1} us, p99 {result.P99:F1} us, router {result.RouterMicroseconds:F2} us/call, client {result.ClientShare:P0}, {result.Errors} errors {result.FirstError}"));
        return result.Errors == 0 ? 0 : 1;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
}
