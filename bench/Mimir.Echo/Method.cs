namespace Mimir.Echo;

internal enum Method : byte
{
    Other,
    Initialize,
    Discover,
    Ping,
    List,
    Call,
}
