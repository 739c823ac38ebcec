using System.Collections.Immutable;
using System.Globalization;
using Mimir.Router.Model;

namespace Mimir.Supervisor.Fakes;

/// <summary>A way in which a server can scatter processes.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Script">Run by <c>sh</c>.</param>
/// <param name="Processes">How many processes stay once it has unfolded, the leader included if it does.</param>
public sealed record ForkShape(string Name, string Script, int Processes)
{
    /// <summary>Everything that is known to escape one kind of ending or another.</summary>
    public static readonly ImmutableArray<ForkShape> All =
    [
        new("plain grandchild", "sleep 1000 & cat >/dev/null", 3),
        new("setsid double fork", "(setsid sh -c 'sleep 1000 & sleep 1001' &); cat >/dev/null", 4),
        new("subshell that exited", "(sleep 1000 &); cat >/dev/null", 3),
        new("wrapper that exits before the kill", "setsid sleep 1000 </dev/null >/dev/null 2>&1 &", 1),
        new("grandchild that ignores TERM", "(trap '' TERM; exec sleep 1000) & cat >/dev/null", 3),
        new("grandchild that holds stdout", "sleep 1000 & exit 0", 1),
        new("nohup in the background", "nohup sleep 1000 >/dev/null 2>&1 & cat >/dev/null", 3),
        new("leader that ignores everything", "trap '' TERM HUP INT; while :; do sleep 1000; done", 2),
        new("grandchild without an environment", "env -i /bin/sleep 1000.TOKEN & cat >/dev/null", 3),
        new("command without an environment", "exec env -i /bin/sleep 1000.TOKEN", 1),
        new("escaped and deaf", "(setsid sh -c \"trap '' TERM; sleep 1000 & wait\" &); cat >/dev/null", 4),
    ];

    /// <summary>One of each kind, for running them by the thousand. Each writes a line to stdout once it has unfolded.</summary>
    public static readonly ImmutableArray<ForkShape> Seven =
    [
        new("direct", "echo r; exec cat >/dev/null", 1),
        new("double fork", "(sh -c 'sleep 1000 & sleep 1001 &' &); echo r; cat >/dev/null", 4),
        new("session of its own", "setsid sh -c 'sleep 1000 & echo r; sleep 1001' & cat >/dev/null", 5),
        new("nohup, deaf to TERM", "trap '' TERM HUP INT; nohup sleep 1000 >/dev/null 2>&1 & echo r; while :; do sleep 1001; done", 3),
        new("forks while it is killed", $"HOP='{Hop}'; export HOP; setsid sh -c \"$HOP\" & echo r; cat >/dev/null", 3),
        new("without stdio", "sleep 1000 <&- >&- 2>&- & echo r; exec sleep 1001 <&- >&- 2>&-", 2),
        new("grandchild holds the pipes", "sleep 1000 & echo r; exit 0", 1),
    ];

    /// <summary>
    /// Run by a shell: leaves for another session again and again, so that it is a moment old whenever it is looked for. It ends by
    /// itself after a minute or so, should nobody have ended it.
    /// </summary>
    private const string Hop = "trap \"\" TERM; HOPS=x$HOPS; [ ${#HOPS} -gt 2000 ] && exit; export HOPS; sleep 0.02; setsid sh -c \"$HOP\" & exit 0";

    /// <summary>
    /// Whether every process of it keeps its environment. One that throws it away is known by its group alone, and the group of a
    /// leader that does so in the very moment its host is killed is known to nobody.
    /// </summary>
    public bool KeepsMarks => !Script.Contains("env -i", StringComparison.Ordinal);

    /// <summary>
    /// Whether a later Mimir can tell all of it. What has no environment, and is in a group whose leader is gone, cannot be told from
    /// somebody else's.
    /// </summary>
    public bool IsTold => KeepsMarks || Processes == 1;

    /// <summary>Digits, as it must do for a part of a second.</summary>
    public static string NewToken() => string.Create(CultureInfo.InvariantCulture, $"{Random.Shared.NextInt64(long.MaxValue / 10, long.MaxValue)}");

    /// <summary>The model that runs it; every process of it carries <paramref name="token"/> in its environment or among its arguments.</summary>
    public StdioModel Model(string token) => new(
        "sh", ["-c", Script.Replace("TOKEN", token, StringComparison.Ordinal)], ImmutableSortedDictionary<string, string>.Empty.Add(Token, token), WorkingDirectory: null);

    /// <summary>The variable that holds the token.</summary>
    public const string Token = "FORK_SHAPE_TOKEN";
}
