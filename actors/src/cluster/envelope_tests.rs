//! The bytes of every version of the messages between nodes, and what is made of bytes that are none. Only tests.

use domain::testing::{ANNA, HOME};

use super::*;

fn question() -> Question {
    Question {
        from: Boot(Uuid::from_u128(1)),
        verb: Verb::Execute,
        stream: StreamId::new(Kind::Task, 7),
        organisation: HOME,
        who: ANNA,
        command: CommandId(Uuid::from_u128(2)),
        keyed: true,
        submitted: false,
        deadline: 1_700_000_000_000_000,
        hops: 1,
        takeover: true,
        position: 300,
        brief: false,
        meta: Meta { cause: Some(4), agent: Some("curl".into()), fingerprint: Some("ab".into()), ..Meta::default() },
        trace: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into()),
        body: Bytes::from_static(b"\x01\x00\x01x"),
    }
}

/// Messages that a node of an older build may send.
#[test]
fn a_question_has_the_bytes_of_every_release() {
    for (protocol, golden) in [(1, QUESTION_1), (2, QUESTION_2)] {
        assert_eq!(hex::encode(question().encode(protocol).unwrap()), golden, "version {protocol}");
        let read = Question::decode(&hex::decode(golden).unwrap(), 2).unwrap();
        let expected = if protocol == 1 { Question { trace: None, ..question() } } else { question() };
        assert_eq!(read, expected);
    }
}

#[test]
fn an_answer_has_the_bytes_of_every_release() {
    for (reply, golden) in replies().into_iter().zip(REPLIES) {
        for protocol in [1, 2] {
            let golden = format!("01000{protocol}{golden}");
            assert_eq!(hex::encode(reply.clone().encode(protocol).unwrap()), golden, "{reply:?}");
            let read = Reply::decode(&hex::decode(golden).unwrap()).unwrap();
            assert_eq!(format!("{read:?}"), format!("{reply:?}"));
        }
    }
}

fn replies() -> Vec<Reply> {
    let (stream, view) = (StreamId::new(Kind::Task, 7), Bytes::from_static(b"v"));
    let refused = |refused| Reply::Refused(refused);
    vec![
        Reply::Done { stream, version: 3, first: Some(41), position: 42, replayed: true, view: view.clone() },
        Reply::Seen { version: 3, position: 42, view },
        refused(Refused::Rejected { code: Code::AccessDeniedTask, reason: "no".into(), position: 42 }),
        refused(Refused::KeyReused),
        refused(Refused::Taken(ClaimKind::Email)),
        refused(Refused::Busy("mailbox".into())),
        refused(Refused::Unavailable("away".into())),
        refused(Refused::Unknown),
        refused(Refused::Bug),
        Reply::Elsewhere,
        Reply::Unreadable,
    ]
}

#[test]
fn a_version_that_is_not_spoken_is_named() {
    let second = question().encode(2).unwrap();
    assert!(matches!(Question::decode(&second, 1), Err(Unreadable::Protocol(2))), "held back");
    let mut third = second.to_vec();
    third[2] = 3;
    assert!(matches!(Question::decode(&third, 2), Err(Unreadable::Protocol(3))));
    let mut reply = Reply::Elsewhere.encode(2).unwrap().to_vec();
    reply[2] = 3;
    assert!(matches!(Reply::decode(&reply), Err(Unreadable::Protocol(3))));
}

#[test]
fn every_cut_of_a_message_is_refused() {
    let whole = question().encode(2).unwrap();
    for length in 0..whole.len() {
        assert!(Question::decode(&whole[..length], 2).is_err(), "{length} of {} bytes", whole.len());
    }
    let longer = [whole.as_ref(), &[0]].concat();
    assert!(Question::decode(&longer, 2).is_err());
}

#[test]
fn what_this_build_does_not_know_is_named() {
    let with = |change: fn(&mut QuestionV1)| {
        let mut question = QuestionV1::from(&question());
        change(&mut question);
        Question::decode(&codec::encode(1, &question).unwrap(), 2)
    };
    assert!(matches!(with(|question| question.kind = 99), Err(Unreadable::Unknown { number: 99, .. })));
    assert!(matches!(with(|question| question.verb = 9), Err(Unreadable::Unknown { number: 9, .. })));
    let claim = codec::encode(1, &ReplyV1::Taken { claim: 77 }).unwrap();
    assert!(matches!(Reply::decode(&claim), Err(Unreadable::Unknown { number: 77, .. })));
    let word = codec::encode(1, &ReplyV1::Rejected { code: "of_a_later_build".into(), reason: "no".into(), position: 1 }).unwrap();
    assert!(matches!(Reply::decode(&word), Ok(Reply::Refused(Refused::Rejected { code: Code::InvalidInput, .. }))), "a no is a no");
}

#[test]
fn an_answer_is_cut_into_frames_and_put_together_again() {
    let record = Bytes::from((0..1_000_u32).flat_map(u32::to_be_bytes).collect::<Vec<u8>>());
    for size in [7, 100, 1_006, 4_006, 1 << 20] {
        let mut whole = Vec::new();
        let frames: Vec<Bytes> = Frame::parts(&record, size).collect();
        for (place, frame) in frames.iter().enumerate() {
            assert!(frame.len() <= size);
            let Ok(Frame::Part { last, number, bytes }) = Frame::decode(frame) else { panic!("a part") };
            assert_eq!((last, number as usize), (place + 1 == frames.len(), place));
            whole.extend(bytes);
        }
        assert_eq!(whole, record);
    }
    assert_eq!(Frame::parts(&Bytes::new(), 100).count(), 1, "an empty record is one part");
    assert_eq!(Frame::decode(&Frame::alive()).unwrap(), Frame::Alive);
    for wrong in [&[][..], &[0, 0], &[1], &[1, 2, 0, 0, 0, 0], &[1, 1, 0, 0, 0], &[9]] {
        assert!(Frame::decode(&Bytes::copy_from_slice(wrong)).is_err(), "{wrong:?}");
    }
}

const QUESTION_1: &str = "0100010000000000000000000000000000000101060e0216000000000000000000000000000000020100fd00803c3048140c\
    000101fb5802000108000001046375726c010261620401000178";
const QUESTION_2: &str = "0100020000000000000000000000000000000101060e0216000000000000000000000000000000020100fd00803c3048140c\
    000101fb5802000108000001046375726c010261620401000178013730302d34626639326633353737623334646136613363\
    653932396430653065343733362d303066303637616130626139303262372d3031";
const REPLIES: [&str; 11] = [
    "00060e06015254010176",
    "0106540176",
    "02126163636573735f64656e6965645f7461736b026e6f54",
    "03",
    "0402",
    "05076d61696c626f78",
    "060461776179",
    "07",
    "08",
    "09",
    "0a",
];
