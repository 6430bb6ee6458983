-- a copy of the database must not answer to the real bridges, nor its phones register at the real PBX
UPDATE cc_pbx
   SET secret = md5(random()::text) || md5(random()::text),
       uuid = gen_random_uuid()::text,
       turn_password = NULL;
UPDATE cc_extension
   SET secret = md5(random()::text);
UPDATE cc_command
   SET state = 'expired', code = 'expired'
 WHERE state = 'open';
