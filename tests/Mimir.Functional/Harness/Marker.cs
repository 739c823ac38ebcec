using System.Globalization;
using System.Text;

namespace Mimir.Functional.Harness;

/// <summary>A word in the environment of every process of one test, by which those that are left are found, whoever their parent is.</summary>
internal sealed class Marker
{
    /// <summary>The variable that carries the word.</summary>
    public const string Variable = "MIMIR_TEST_MARKER";

    /// <summary>The variable that tells which server a process belongs to.</summary>
    public const string Role = "MIMIR_TEST_ROLE";

    /// <summary>The word.</summary>
    public string Word { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Living processes that carry the word. The dead that nobody has reaped have no environment and are not among them.</summary>
    /// <param name="role">Only those of this server; null for all.</param>
    public IReadOnlyList<(int Pid, string Command)> Living(string? role = null)
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                var environment = '\0' + Encoding.UTF8.GetString(File.ReadAllBytes(folder + "/environ"));
                if (!environment.Contains($"\0{Variable}={Word}\0", StringComparison.Ordinal)) continue;
                if (role is not null && !environment.Contains($"\0{Role}={role}\0", StringComparison.Ordinal)) continue;
                var command = Encoding.UTF8.GetString(File.ReadAllBytes(folder + "/cmdline")).Replace('\0', ' ');
                found.Add((pid, command.Length > 160 ? command[..160] : command));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }

        return found;
    }

    /// <summary>
    /// The living processes of servers, once they have been the same for two seconds. On a busy machine a server that was long silent is
    /// started a second time, and one of the two goes a moment later.
    /// </summary>
    public async Task<HashSet<int>> SettledAsync(params string[] roles)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        var (seen, since) = (Pids(roles), DateTime.UtcNow);
        while (DateTime.UtcNow < end && DateTime.UtcNow - since < TimeSpan.FromSeconds(2))
        {
            await Task.Delay(50);
            var now = Pids(roles);
            if (!now.SetEquals(seen)) (seen, since) = (now, DateTime.UtcNow);
        }

        Assert.NotEmpty(seen);
        return seen;
    }

    /// <summary>The living processes of servers.</summary>
    public HashSet<int> Pids(params string[] roles) => [.. roles.SelectMany(role => Living(role)).Select(p => p.Pid)];

    /// <summary>Waits until no process carries the word.</summary>
    /// <returns>Those that are left when the time is over.</returns>
    public async Task<IReadOnlyList<(int Pid, string Command)>> GoneAsync(TimeSpan patience)
    {
        var end = DateTime.UtcNow + patience;
        while (true)
        {
            var left = Living();
            if (left.Count == 0 || DateTime.UtcNow > end) return left;
            await Task.Delay(50);
        }
    }
}
