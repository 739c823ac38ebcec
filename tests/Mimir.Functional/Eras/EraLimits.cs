namespace Mimir.Functional.Eras;

/// <summary>Everything that a pair of revisions cannot have, with the reason. A cell that is not named here works.</summary>
internal static class EraLimits
{
    public const string Audio = "audio";
    public const string Links = "resource links";
    public const string Structured = "structured content";
    public const string StructuredValues = "structured content that is no object";
    public const string Form = "elicitation by form";
    public const string Url = "elicitation by URL";
    public const string UrlError = "error -32042";
    public const string UrlComplete = "notifications/elicitation/complete";
    public const string Context = "completion context";
    public const string Tasks = "tasks";
    public const string Batches = "batches";
    public const string ServerBatches = "batches of servers";
    public const string Mirrors = "mirrored arguments";

    /// <summary>The table.</summary>
    public static readonly IReadOnlyList<EraLimit> All =
    [
        new(
            Audio,
            EraRevision.Before(EraRevision.R202503),
            EraRevision.Since(EraRevision.R202503),
            "Before 2025-03-26 there is no audio: a text that names its MIME type stands in its place."),
        new(
            Links,
            EraRevision.Before(EraRevision.R202506),
            EraRevision.Since(EraRevision.R202506),
            "Before 2025-06-18 there are no resource links: a text that names the uri stands in its place."),
        new(
            Structured,
            EraRevision.All,
            EraRevision.Before(EraRevision.R202506),
            "Servers before 2025-06-18 have no structured content.",
            Absent: true),
        new(
            Structured,
            EraRevision.Before(EraRevision.R202506),
            EraRevision.Since(EraRevision.R202506),
            "Clients before 2025-06-18 do not know it: they get it as JSON text where the server sent no text, beside the member itself."),
        new(
            StructuredValues,
            EraRevision.All,
            EraRevision.Legacy,
            "Servers before 2026-07-28 have objects only.",
            Absent: true),
        new(
            StructuredValues,
            EraRevision.Before(EraRevision.R202506),
            [EraRevision.R202607],
            "Clients before 2025-06-18 do not know it: they get it as JSON text where the server sent no text, beside the member itself."),
        new(
            StructuredValues,
            [EraRevision.R202506, EraRevision.R202511],
            [EraRevision.R202607],
            "Before 2026-07-28 only objects are allowed: the value is the member result of one, in the schema as well."),
        new(
            Form,
            EraRevision.All,
            EraRevision.Before(EraRevision.R202506),
            "Servers before 2025-06-18 do not ask.",
            Absent: true),
        new(
            Form,
            EraRevision.Before(EraRevision.R202506),
            EraRevision.Since(EraRevision.R202506),
            "Clients before 2025-06-18 cannot be asked: the call fails and names elicitation."),
        new(
            Url,
            EraRevision.All,
            EraRevision.Before(EraRevision.R202511),
            "Servers before 2025-11-25 do not ask so.",
            Absent: true),
        new(
            Url,
            EraRevision.Before(EraRevision.R202511),
            EraRevision.Since(EraRevision.R202511),
            "Clients before 2025-11-25 cannot be sent to a URL: the call fails and names elicitation."),
        new(
            UrlError,
            EraRevision.All,
            [.. EraRevision.All.Where(r => r != EraRevision.R202511)],
            "Only servers of 2025-11-25 answer with it.",
            Absent: true),
        new(
            UrlError,
            EraRevision.Before(EraRevision.R202511),
            [EraRevision.R202511],
            "Clients before 2025-11-25 cannot be sent to a URL: the call fails and names elicitation."),
        new(
            UrlError,
            [EraRevision.R202607],
            [EraRevision.R202511],
            "2026-07-28 has no such error: the client is asked for the visit by input_required, and the call is made again."),
        new(
            UrlComplete,
            [EraRevision.R202607],
            [EraRevision.R202511],
            "2026-07-28 has no such notification: the router keeps it."),
        new(
            UrlComplete,
            [EraRevision.R202511],
            [EraRevision.R202607],
            "2026-07-28 does not tell when the visit is over: none is sent."),
        new(
            Context,
            EraRevision.Before(EraRevision.R202506),
            EraRevision.All,
            "Clients before 2025-06-18 send none."),
        new(
            Context,
            EraRevision.Since(EraRevision.R202506),
            EraRevision.Before(EraRevision.R202506),
            "Servers before 2025-06-18 know none: they are asked without it."),
        new(
            Tasks,
            EraRevision.All,
            EraRevision.Before(EraRevision.R202511),
            "Servers before 2025-11-25 have none, and the router makes none for them.",
            Absent: true),
        new(
            Tasks,
            EraRevision.Before(EraRevision.R202511),
            EraRevision.Since(EraRevision.R202511),
            "Clients before 2025-11-25 have none: the call lasts until the task has ended, and answers with its result."),
        new(
            Batches,
            [.. EraRevision.All.Where(r => r != EraRevision.R202503)],
            EraRevision.All,
            "Only clients of 2025-03-26 may send them: those of others are refused. What is in one reaches servers message by message."),
        new(
            ServerBatches,
            EraRevision.All,
            [.. EraRevision.All.Where(r => r != EraRevision.R202503)],
            "Only servers of 2025-03-26 send them. What is in one reaches clients message by message.",
            Absent: true),
        new(
            Mirrors,
            EraRevision.All,
            EraRevision.Legacy,
            "Servers before 2026-07-28 ask for none.",
            Absent: true),
    ];

    /// <summary>The limit of a cell, null when the feature is there.</summary>
    public static EraLimit? Of(string feature, string client, string server) =>
        All.FirstOrDefault(l => l.Feature == feature && l.Clients.Contains(client) && l.Servers.Contains(server));
}
