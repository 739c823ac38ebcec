namespace Mimir.Functional.Clients;

/// <summary>One server-sent event.</summary>
internal sealed record SseEvent(string Type, byte[] Data, string? Id, string? Retry);
